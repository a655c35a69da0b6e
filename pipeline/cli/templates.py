"""`dansinh templates`: the DOCX files that ship, for an office that wants its own wording."""

from pathlib import Path

import click

from pipeline.cli.invocation import Invocation, common_options


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@common_options
def templates(invocation: Invocation, folder: Path) -> None:
    """Put the templates of letters, digest and report into FOLDER, to be changed in a word processor.

    What is there is left as it is. Name FOLDER under documents.templates in config.yaml, keep the names in
    braces, and let `dansinh check` look for mistakes.
    """
    from pipeline.documents.placeholders import CONTEXTS
    from pipeline.documents.templating import shipped
    from store.files import write_whole

    written, kept = [], []
    for kind in CONTEXTS:
        path = folder / f"{kind}.docx"
        if path.exists():
            kept.append(path)
            invocation.say(f"{path} (left as it is)")
            continue
        write_whole(path, shipped(invocation.settings.office.layout, kind).read_bytes())
        written.append(path)
        invocation.say(str(path))
    invocation.give({"written": [str(path) for path in written], "kept": [str(path) for path in kept]})
