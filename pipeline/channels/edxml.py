"""A letter as one edXML file, for the document system of an agency (QCVN 102:2016/BTTTT, amendment 1:2022).

The structure is the one in use on the national document exchange. It was not tried against the exchange
itself, which takes files only from registered systems: see docs/decisions/0020.
"""

import base64
import uuid
from collections.abc import Sequence
from datetime import date, datetime

from lxml import etree

from pipeline.channels.document import Document
from pipeline.clock import local
from pipeline.documents.mail import Attachment
from pipeline.settings import Office

NAMESPACE = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
XLINK = "http://www.w3.org/1999/xlink"
NEW_DOCUMENT = "0"
OFFICIAL_LETTER = "18"
"""công văn: the catalogue of the regulation has no phiếu chuyển"""
_CID = uuid.UUID("8a1f6a0e-1f57-4c70-9a0e-4bb1a3a7c3d0")
Parts = dict[str, "str | Parts"]


def edxml(
    office: Office,
    document: Document,
    message_id: str,
    queued_at: datetime,
    attachments: Sequence[Attachment],
) -> bytes:
    """The same arguments give the same bytes. `office` must have an organ_id."""
    root = etree.Element(_name("edXML"), nsmap={"edXML": NAMESPACE})
    envelope = etree.SubElement(root, _name("edXMLEnvelope"))
    header = etree.SubElement(envelope, _name("edXMLHeader"))
    _add(header, "MessageHeader", _message_header(office, document))
    _trace(header, office, queued_at)
    body = etree.SubElement(envelope, _name("edXMLBody"))
    manifest = etree.SubElement(body, _name("edXMLManifest"), version="1.0")
    encoded = etree.SubElement(root, _name("AttachmentEncoded"))
    for number, attachment in enumerate(attachments, start=1):
        content_id = str(uuid.uuid5(_CID, f"{message_id} {number}"))
        _reference(manifest, attachment, content_id)
        _attachment(encoded, attachment, content_id)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def _message_header(office: Office, document: Document) -> Parts:
    day = _day(document.day)
    notation = f"{document.number}/{document.symbol}"
    parts: Parts = {
        "From": _organ(office.organ_id, office.contact_unit, office.name) | {"Email": office.email},
        "To": _organ(document.agency_organ_id, document.agency_name, document.agency_name),
        "Code": {"CodeNumber": str(document.number), "CodeNotation": document.symbol},
        "PromulgationInfo": {"Place": document.place, "PromulgationDate": day},
        "DocumentType": {"Type": OFFICIAL_LETTER, "TypeName": "Phiếu chuyển", "TypeDetail": "0"},
        "Subject": document.subject,
        "Content": document.subject,
        # By post; no person is named.
        "SignerInfo": {"Competence": "", "Position": document.signer_post, "FullName": ""},
    }
    if document.due is not None:
        parts["DueDate"] = _day(local(document.due).date())
    return parts | {
        "ToPlaces": {"Place": document.agency_name},
        "OtherInfo": {"Priority": "0", "PromulgationAmount": "1", "PageAmount": "1"},
        "SteeringType": "0",
        "DocumentId": f"{office.organ_id},{day},{notation}",
    }


def _organ(organ_id: str | None, in_charge: str, name: str) -> Parts:
    return {"OrganId": organ_id or "", "OrganizationInCharge": in_charge, "OrganName": name}


def _trace(header: etree._Element, office: Office, queued_at: datetime) -> None:
    trace = etree.SubElement(
        header,
        _name("TraceHeaderList"),
        id="trace",
        version="1.0",
        mustUnderstand="1",
        actor="http://schemas.xmlsoap.org/soap/actor/next",
    )
    at = f"{local(queued_at):%Y/%m/%d %H:%M:%S}"
    _add(trace, "TraceHeader", {"OrganId": office.organ_id or "", "Timestamp": at})
    # "Bussiness" is the regulation's own spelling.
    _add(
        trace,
        "Bussiness",
        {
            "BussinessDocType": NEW_DOCUMENT,
            "BussinessDocReason": "Văn bản điện tử mới",
            "StaffInfo": {"Department": office.contact_unit, "Staff": "", "Mobile": "", "Email": ""},
            "Paper": "0",
        },
    )


def _reference(manifest: etree._Element, attachment: Attachment, content_id: str) -> None:
    reference = etree.SubElement(manifest, _name("Reference"), nsmap={"xlink": XLINK})
    reference.set(f"{{{XLINK}}}href", f"cid:{content_id}")
    reference.set(f"{{{XLINK}}}type", "simple")
    _fill(
        reference,
        {
            "Description": attachment.filename,
            "AttachmentName": attachment.filename,
            "ContentType": attachment.media_type,
            "ContentId": f"cid:{content_id}",
        },
    )


def _attachment(encoded: etree._Element, attachment: Attachment, content_id: str) -> None:
    _add(
        encoded,
        "Attachment",
        {
            "ContentType": attachment.media_type,
            "ContentId": content_id,
            "Description": attachment.filename,
            "ContentTransferEncoded": base64.b64encode(attachment.content).decode(),
            "AttachmentName": attachment.filename,
        },
    )


def _add(parent: etree._Element, name: str, parts: Parts) -> None:
    _fill(etree.SubElement(parent, _name(name)), parts)


def _fill(element: etree._Element, parts: Parts) -> None:
    for name, value in parts.items():
        if isinstance(value, str):
            etree.SubElement(element, _name(name)).text = value
        else:
            _add(element, name, value)


def _name(local_name: str) -> str:
    return f"{{{NAMESPACE}}}{local_name}"


def _day(day: date) -> str:
    return f"{day:%Y/%m/%d}"
