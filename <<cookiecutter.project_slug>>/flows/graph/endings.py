"""Whether a method may return nothing, which ends the flow. Read from its source; in doubt it does not."""

import ast
from collections.abc import Callable, Iterable

from flows.graph.source import children

Ends = Callable[[ast.Call], bool]
"""Whether a call, of a helper of the owner's, may give None."""

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def may_end(function: ast.AST, ends: Ends) -> bool:
    """Whether the function can return None, or run to its end without a return."""
    if isinstance(function, ast.Lambda):
        return _Returned(function, ends).may_be_none(function.body)
    if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    returned = _Returned(function, ends)
    values = [node.value for node in _inside(function) if isinstance(node, ast.Return)]
    return completes(function.body) or any(value is None or returned.may_be_none(value) for value in values)


def completes(body: Iterable[ast.stmt]) -> bool:
    """Whether the end of these statements can be reached."""
    return all(map(_passes, body))


def _passes(statement: ast.stmt) -> bool:
    match statement:
        case ast.Return() | ast.Raise() | ast.Continue() | ast.Break():
            return False
        case ast.If():
            return completes(statement.body) or completes(statement.orelse)
        case ast.While(test=ast.Constant(value=always)) if always:
            return any(isinstance(node, ast.Break) for node in _inside(statement))
        case ast.With() | ast.AsyncWith():
            return completes(statement.body)
        case ast.Try() | ast.TryStar():
            ways = [[*statement.body, *statement.orelse], *(handler.body for handler in statement.handlers)]
            return completes(statement.finalbody) and any(map(completes, ways))
        case ast.Match():
            whole = any(_takes_all(case) for case in statement.cases)
            return not whole or any(completes(case.body) for case in statement.cases)
        case ast.Expr(value=ast.Call(func=ast.Name(id="assert_never"))):
            return False
    return True


def _takes_all(case: ast.match_case) -> bool:
    return case.guard is None and isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None


def _inside(function: ast.AST) -> Iterable[ast.AST]:
    """The nodes of a function, without those of functions inside it."""
    waiting = list(children(function))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, _FUNCTIONS):
            waiting += children(node)


class _Returned:
    """What a function returns, by the expressions that give it."""

    def __init__(self, function: ast.AST, ends: Ends) -> None:
        self.function = function
        self.ends = ends
        self.asked: set[str] = set()

    def may_be_none(self, value: ast.expr) -> bool:
        match value:
            case ast.Constant():
                return value.value is None
            case ast.IfExp():
                return self.may_be_none(value.body) or self.may_be_none(value.orelse)
            case ast.BoolOp(op=ast.Or()):
                return self.may_be_none(value.values[-1])
            case ast.BoolOp():
                return any(map(self.may_be_none, value.values))
            case ast.NamedExpr():
                return self.may_be_none(value.value)
            case ast.Subscript(value=ast.Dict(values=values)):
                return any(map(self.may_be_none, values))
            case ast.Call(func=ast.Attribute(value=ast.Dict(values=values), attr="get"), args=args):
                return len(args) < 2 or any(map(self.may_be_none, [*values, args[1]]))
            case ast.Call():
                return self.ends(value)
            case ast.Name():
                return self.variable(value.id)
        return False

    def variable(self, name: str) -> bool:
        if name in self.asked:
            return False
        self.asked.add(name)
        given = (_given(node, name) for node in _inside(self.function))
        return any(self.may_be_none(value) for value in given if value is not None)


def _given(node: ast.AST, name: str) -> ast.expr | None:
    """What an assignment gives to a variable."""
    if isinstance(node, ast.Assign):
        targets: list[ast.expr] = node.targets
    elif isinstance(node, ast.AnnAssign | ast.NamedExpr):
        targets = [node.target]
    else:
        return None
    return node.value if any(isinstance(one, ast.Name) and one.id == name for one in targets) else None
