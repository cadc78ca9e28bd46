"""The ``kith`` command: every verb in one list, and what becomes of errors."""

import sys

import typer
from rich.console import Console

from cli import ask, change, look, serve
from graph_model.errors import KithError, SetUpError

__all__ = ["app", "main"]

app = typer.Typer(
    name="kith",
    help="Who holds a community together, and who can unblock it.",
    epilog="Start with: kith serve --example",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("serve", rich_help_panel="Start")(serve.serve)
app.command("import", rich_help_panel="Start")(change.import_)
app.command("connectors", rich_help_panel="Ask")(ask.connectors)
app.command("group", rich_help_panel="Ask")(ask.group)
app.command("escalate", rich_help_panel="Ask")(ask.escalate)
app.command("map", rich_help_panel="Look")(look.map_)
app.command("people", rich_help_panel="Look")(look.people)
app.command("show", rich_help_panel="Look")(look.show)
app.command("schema", rich_help_panel="Look")(look.schema)
app.command("history", rich_help_panel="Keep in order")(change.history)
app.command("undo", rich_help_panel="Keep in order")(change.undo)
app.command("check", rich_help_panel="Keep in order")(look.check)
app.command("export", rich_help_panel="Keep in order")(change.export)


def main() -> None:
    """Run the command. Exit codes: 0 done, 1 what was given is wrong, 2 the machine or the settings are not ready."""
    try:
        app()
    except KithError as error:
        Console(stderr=True).print(str(error), markup=False, highlight=False, soft_wrap=True)
        sys.exit(2 if isinstance(error, SetUpError) else 1)
    except KeyboardInterrupt:
        Console(stderr=True).print("Stopped. What was not finished was not kept.")
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(141)


if __name__ == "__main__":
    main()
