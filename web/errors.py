"""Pages for what went wrong: no traces, no words of the machine's."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match

from web.desk import desk_of
from web.headers import ALWAYS

SAID: dict[int, tuple[str, str]] = {
    400: ("Yêu cầu không đúng", "Biểu mẫu gửi lên không đọc được. Hãy quay lại và làm lại."),
    403: ("Không có quyền", "Tài khoản của đồng chí không có quyền làm việc này."),
    404: ("Không tìm thấy trang", "Địa chỉ này không có, hoặc mục cần xem không còn."),
    405: ("Không mở được trang", "Địa chỉ này chỉ nhận biểu mẫu. Hãy quay lại trang Hôm nay."),
    413: ("Nội dung quá dài", "Biểu mẫu gửi lên quá lớn. Hãy rút ngắn nội dung và làm lại."),
    429: ("Gửi quá nhiều lần", "Hãy đợi 15 phút rồi làm tiếp."),
    500: ("Hệ thống gặp lỗi", "Việc vừa làm chưa được ghi. Hãy thử lại; nếu vẫn lỗi, báo người vận hành."),
}


def refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
    if error.status_code == 405 and request.method == "GET":
        return RedirectResponse(page_above(request), 303)
    heading, remedy = SAID.get(error.status_code, SAID[500])
    # Only our own refusals speak Vietnamese; Starlette's details are the names of status codes.
    detail = error.detail if error.status_code == 403 and error.detail != "Forbidden" else remedy
    response = error_page(request, error.status_code, heading, detail)
    response.headers.update(error.headers or {})
    return response


def page_above(request: Request) -> str:
    """The nearest page above a form's address: whoever reloads a refused form comes here."""
    above = request.url.path.rpartition("/")[0]
    while above:
        scope = {"type": "http", "method": "GET", "path": above, "headers": []}
        if any(route.matches(scope)[0] is Match.FULL for route in request.app.routes):
            return above
        above = above.rpartition("/")[0]
    return str(request.app.url_path_for("today"))


def failed(request: Request, _error: Exception) -> Response:
    response = error_page(request, 500, *SAID[500])
    # Starlette answers for a crash outside of every middleware, Headers included.
    response.headers.update(ALWAYS)
    return response


def error_page(request: Request, status: int, heading: str, remedy: str, **context: object) -> Response:
    shown = {"status": status, "heading": heading, "remedy": remedy} | context
    return desk_of(request).render(request, "error.html", shown, status)
