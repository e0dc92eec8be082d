"""The directive `exercise`: title, files, commands, rubric and hints, all drawn from the file that the grader reads."""

from collections.abc import Sequence

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from grader.checks import Check
from grader.errors import SpecError
from grader.exercise import FILE, Exercise, load
from grader.sphinx.markup import disclose, heading, paragraph, root_of, warn


class ExerciseBox(SphinxDirective):
    """The graded exercise of a unit, as the grader sees it."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        slug = self.arguments[0]
        box = nodes.container(classes=["exercise"], ids=[f"exercise-{slug}"])
        # Hints and bodies are quoted to the letter: no curly quotes.
        box["support_smartquotes"] = False
        self.set_source_info(box)
        file = root_of(self) / "exercises" / slug / FILE
        self.env.note_dependency(str(file))
        try:
            exercise = load(file)
        except SpecError as error:
            warn("exercise", f"exercise: {error}", box)
            return [box]
        page = self.env.docname.split("/")[0]
        if exercise.unit != page:
            warn(
                "exercise",
                f"exercise: {slug} belongs to the unit {exercise.unit!r}, and this page is {page!r}",
                box,
            )
        box["cites"] = [(check.id, check.objective) for check in exercise.checks]
        box += heading(self, exercise.title, 3)
        box += self._hand_in(slug, exercise)
        box += self._rubric(exercise)
        box += self._hints(exercise)
        return [box]

    def _hand_in(self, slug: str, exercise: Exercise) -> list[nodes.Node]:
        return [
            paragraph(self, "The files to hand in:", "exercise-lead"),
            code("\n".join(tree(f"exercises/{slug}", exercise.files)), "none", "tree"),
            paragraph(self, "See how far you are, as often as you like:", "exercise-lead"),
            code(f"$ make grade EX={slug}", "console"),
            paragraph(self, "Where there is no make:", "exercise-lead"),
            code(f"$ python -m grader grade {slug}", "console"),
        ]

    def _rubric(self, exercise: Exercise) -> nodes.table:
        rows = [self._row(check) for check in exercise.checks]
        total = [[paragraph(self, "Total")], [], [paragraph(self, str(exercise.max_points))]]
        head = [[paragraph(self, name)] for name in ("Check", "Objective", "Points")]
        group = nodes.tgroup("", *(nodes.colspec(colwidth=width) for width in (70, 18, 12)), cols=3)
        group += nodes.thead("", row(head))
        group += nodes.tbody("", *(row(cells) for cells in rows), row(total, "total"))
        table = nodes.table("", group, classes=["rubric-table"])
        self.set_source_info(table)
        return table

    def _row(self, check: Check) -> list[Sequence[nodes.Node]]:
        objective = nodes.reference(
            check.objective, check.objective, internal=True, refid=f"objective-{check.objective}"
        )
        return [
            [paragraph(self, check.title, "check-title"), paragraph(self, check.asks(), "check-asks")],
            [nodes.paragraph("", "", objective)],
            [paragraph(self, str(check.points))],
        ]

    def _hints(self, exercise: Exercise) -> list[nodes.Node]:
        found: list[nodes.Node] = [paragraph(self, "Stuck? Each check has hints, in steps:", "exercise-lead")]
        for check in exercise.checks:
            inner: list[nodes.Node] = []
            # Each hint holds the next, so that one is read before the other can be seen.
            for number, hint in reversed(list(enumerate(check.hints, start=1))):
                inner = [disclose(self, f"Hint {number}", [paragraph(self, hint), *inner], "hint-step")]
            found.append(disclose(self, check.title, inner, "hint-ladder"))
        return found


def tree(folder: str, files: Sequence[str]) -> list[str]:
    """The lines of a drawing of the folder, with `files` in it, folders of their own among them."""
    return [f"{folder}/", *_branches("", [file.split("/") for file in files])]


def _branches(indent: str, paths: list[list[str]]) -> list[str]:
    names = list(dict.fromkeys(path[0] for path in paths))
    lines = []
    for name in names:
        last = name == names[-1]
        below = [path[1:] for path in paths if path[0] == name and len(path) > 1]
        lines.append(f"{indent}{'└── ' if last else '├── '}{name}{'/' if below else ''}")
        lines += _branches(indent + ("    " if last else "│   "), below)
    return lines


def row(cells: Sequence[Sequence[nodes.Node]], *classes: str) -> nodes.row:
    return nodes.row("", *(nodes.entry("", *cell) for cell in cells), classes=list(classes))


def code(text: str, language: str, *classes: str) -> nodes.literal_block:
    """A block of code that no page typed."""
    return nodes.literal_block(text, text, language=language, classes=list(classes))
