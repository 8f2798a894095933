import argparse
import json
import pkgutil
import sys
from importlib import import_module
from types import ModuleType

import benchmarks


def main() -> int:
    """Run the named benchmark; with --json its figures are one JSON object on the last line."""
    modules = {name: import_module(f"benchmarks.{name}") for name in _names()}
    parser = _parser(modules)
    arguments = parser.parse_args()
    if arguments.name != "all":
        figures = _measure(modules[arguments.name], arguments)
    else:
        short = ["--short"] if arguments.short else []
        figures = {
            name: _measure_if_possible(module, parser.parse_args([name, *short])) for name, module in modules.items()
        }
    if arguments.json:
        print(json.dumps(figures))
    return 0


def _names() -> list[str]:
    return sorted(
        module.name for module in pkgutil.iter_modules(benchmarks.__path__) if not module.name.startswith("_")
    )


def _parser(modules: dict[str, ModuleType]) -> argparse.ArgumentParser:
    """Each benchmark has options of its own beside those of all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=benchmarks.__doc__)
    names = parser.add_subparsers(dest="name", required=True, metavar="NAME")
    for name, module in (*modules.items(), ("all", None)):
        doc = (module.__doc__ or "") if module else "Every one of them."
        one = names.add_parser(name, help=doc.partition("\n")[0], description=doc)
        one.add_argument("--short", action="store_true", help="a form that ends within a minute or so")
        one.add_argument("--json", action="store_true", help="one JSON object of the figures as the last line")
        if hasattr(module, "add_arguments"):
            module.add_arguments(one)
    return parser


def _measure(module: ModuleType, arguments: argparse.Namespace) -> dict[str, object]:
    print(f"# {module.__name__.rpartition('.')[2]}")
    figures: dict[str, object] = module.measure(arguments)
    return figures


def _measure_if_possible(module: ModuleType, arguments: argparse.Namespace) -> dict[str, object]:
    """One benchmark that lacks its data says so and does not stop the others."""
    try:
        return _measure(module, arguments)
    except SystemExit as left_out:
        print(left_out)
        return {"left_out": str(left_out)}


if __name__ == "__main__":
    sys.exit(main())
