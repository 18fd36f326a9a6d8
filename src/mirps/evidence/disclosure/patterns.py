"""Secondary suppression for tables of any size: for each cell to protect, the cheapest move that hides it.

A move (`moves`) is a product of one-dimensional moves: it changes its cells by the same amount up or down and
leaves every sum as it was. When all its cells are hidden and the falling ones are large enough, an attacker
cannot tell the true table from the moved one, whatever else is hidden: moves found are proofs that stay valid.
Then each hidden cell that no rule asked for is given back if those that rely on it can be protected for less
without it. Deterministic. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from mirps.evidence.disclosure.moves import Lattice, Moves
from mirps.evidence.disclosure.tables import Flags, Floats, Ints, Table

#: The price of a cell that may not be hidden or cannot move so far: more than any table costs.
NEVER = 1e9
FREE = 1e-4
#: Moves that are put together for one cell, and candidates whose room is measured.
TOGETHER, TRIED = 12, 6


@dataclass(frozen=True)
class Task:
    """What is to be hidden and how far it must be able to move. All arrays are flat, over the table's cells.

    `hidden`: what rules or earlier releases hide. `up`, `down`: how far an attacker's bounds must at least lie
    from the value (0: nothing asked). `fixed`: may not be hidden, because everybody knows it. `cost`: of hiding.
    """

    table: Table
    hidden: Flags
    up: Floats
    down: Floats
    fixed: Flags
    cost: Floats

    @property
    def asked(self) -> Ints:
        return np.flatnonzero((self.up > 0) | (self.down > 0))


@dataclass
class Proof:
    """Moves that show how far a cell can go: (cells, signs, by how much)."""

    cells: list[Ints] = field(default_factory=list)
    signs: list[Floats] = field(default_factory=list)
    amounts: list[float] = field(default_factory=list)
    opened: list[int] = field(default_factory=list)

    def add(self, cells: Ints, signs: Floats, amount: float) -> None:
        self.cells.append(cells)
        self.signs.append(signs)
        self.amounts.append(amount)


@dataclass
class Pattern:
    """`hidden`: every cell that is not shown. `unproven`: cells for which no move was found; the linear
    programs look at them."""

    hidden: Flags
    unproven: tuple[int, ...]
    proofs: dict[int, Proof]


class _Search:
    def __init__(self, task: Task) -> None:
        t = task.table
        self.task, self.shape = task, t.values.shape
        self.values = t.values.ravel()
        self.price = np.where(task.fixed, NEVER, task.cost)
        self.price[task.hidden] = 0.0
        self.hidden = task.hidden.copy()
        axes = range(len(self.shape))
        self.lattices = [
            Lattice(d, t.values.sum(axis=tuple(a for a in axes if a != i)))
            for i, d in enumerate(t.dimensions)
        ]
        self.strides = [int(np.prod(self.shape[i + 1 :])) for i in axes]
        self.proofs: dict[int, Proof] = {}

    def moves(self, cell: int, wide: bool) -> list[Moves]:
        at = np.unravel_index(cell, self.shape)
        found = []
        for lattice, i in zip(self.lattices, at, strict=True):
            near, every = lattice.of(int(i))
            found.append(every if wide or len(every.signs) <= 20 else near)
        return found

    def protect(self, cell: int, limit: float = NEVER) -> Proof | None:
        """Moves by which the cell goes as far as is asked; what they need is hidden. None, and nothing
        changed, where there are none for less than `limit`."""
        for wide in (False, True):
            proof = self._protect(cell, self.moves(cell, wide), limit)
            if proof is not None:
                return proof
        return None

    def _protect(self, cell: int, moves: list[Moves], limit: float) -> Proof | None:
        up, down = float(self.task.up[cell]), float(self.task.down[cell])
        scene = _Scene(self, moves)
        return self._whole(scene, up, down) or self._by_parts(scene, up, down, limit)

    def _whole(self, scene: _Scene, up: float, down: float) -> Proof | None:
        """One move of hidden cells that does for both directions."""
        score = scene.score(up, down)
        best = int(score.argmin())
        if score.flat[best] > FREE:
            return None
        proof = Proof()
        cells, signs = scene.cells(best)
        for amount in (up, -down):
            if amount:
                proof.add(cells, signs, amount)
        return proof

    def _by_parts(self, scene: _Scene, up: float, down: float, limit: float) -> Proof | None:
        proof, spent, opened = Proof(), 0.0, []
        for way, need in ((1.0, up), (-1.0, down)):
            left = need
            used: dict[int, float] = {}
            for _ in range(TOGETHER):
                if left <= 1e-9:
                    break
                found = scene.next(way, left, used)
                if found is None:
                    break
                cells, signs, amount = found
                new = cells[self.price[cells] > 0]
                spent += float(self.price[new].sum())
                if spent >= limit:
                    break
                opened += [(int(c), float(self.price[c])) for c in new]
                self.price[new] = 0.0
                for c, s in zip(cells.tolist(), (signs * way).tolist(), strict=True):
                    used[c] = used.get(c, 0.0) + s * amount
                proof.add(cells, signs, way * amount)
                left -= amount
            if left > 1e-9:
                for c, price in opened:
                    self.price[c] = price
                return None
        proof.opened = [c for c, _ in opened]
        self.hidden[proof.opened] = True
        return proof


class _Scene:
    """The cells around one cell, and what moving them costs."""

    def __init__(self, search: _Search, moves: list[Moves]) -> None:
        self.search, self.moves = search, moves
        flat = np.zeros(1, np.int64)
        for m, stride in zip(moves, search.strides, strict=True):
            flat = flat[..., None] + m.members * stride
        self.flat: Ints = flat[0]
        self.values = search.values[self.flat]
        self.sizes = tuple(len(m.signs) for m in moves)

    def _over(self, cells: Floats, signed: bool) -> Floats:
        """The sum over each move's cells, with their signs or without."""
        for m in self.moves:
            by = m.signs if signed else m.touched
            cells = np.tensordot(cells, by, axes=(0, 1))
        return cells

    def score(self, up: float, down: float) -> Floats:
        """What each move costs, NEVER where a falling cell has less than `up` or a rising one less than `down`."""
        short_up = self.values < up
        short_down = (self.values < down) if down > 0 else np.zeros_like(short_up)
        price = self.search.price[self.flat] + (NEVER / 2) * (short_up * 1.0 + short_down)
        return self._over(price, False) + self._over((NEVER / 2) * (short_down * 1.0 - short_up), True)

    def cells(self, which: int) -> tuple[Ints, Floats]:
        """The cells of a move and their signs."""
        at = np.unravel_index(which, self.sizes)
        signs = np.ones(1)
        flat = np.zeros(1, np.int64)
        for m, i, stride in zip(self.moves, at, self.search.strides, strict=True):
            used = np.flatnonzero(m.signs[i])
            flat = (flat[:, None] + m.members[used] * stride).ravel()
            signs = (signs[:, None] * m.signs[i, used]).ravel()
        return flat, signs

    def next(self, way: float, left: float, used: dict[int, float]) -> tuple[Ints, Floats, float] | None:
        """The next move in this direction: a free one with the most room, or the cheapest with all that is left."""
        least = min(left, 1.0)
        score = self.score(least, 0.0) if way > 0 else self.score(0.0, least)
        free = np.flatnonzero(score.ravel() <= FREE)
        best = self._roomiest(free[:64], way, left, used)
        if best is not None:
            return best
        score = self.score(left, 0.0) if way > 0 else self.score(0.0, left)
        order = np.argsort(score, axis=None, kind="stable")[:TRIED]
        some: tuple[Ints, Floats, float] | None = None
        for which in order.tolist():
            if score.flat[which] >= NEVER / 4:
                break
            some = self._roomiest(np.array([which]), way, left, used)
            if some is not None and some[2] >= left - 1e-9:
                return some
        return some

    def _roomiest(
        self, which: Iterable[int], way: float, left: float, used: dict[int, float]
    ) -> tuple[Ints, Floats, float] | None:
        best: tuple[Ints, Floats, float] | None = None
        for w in which:
            cells, signs = self.cells(int(w))
            falling = cells[signs * way < 0].tolist()
            room = min((self.search.values[c] + min(used.get(c, 0.0), 0.0) for c in falling), default=left)
            if room > 1e-9 and (best is None or room > best[2]):
                best = (cells, signs, float(min(room, left)))
                if best[2] >= left:
                    break
        return best


def pattern(task: Task, *, passes: int = 1) -> Pattern:
    """Every cell that a rule hides, protected as far as it asks; the rest of what is hidden as cheap as found."""
    search = _Search(task)
    values = search.values
    order = task.asked[np.lexsort((task.asked, values[task.asked]))]
    unproven = []
    for cell in order.tolist():
        proof = search.protect(cell)
        if proof is None:
            unproven.append(cell)
        else:
            search.proofs[cell] = proof
    for _ in range(passes):
        if not _give_back(search):
            break
    return Pattern(search.hidden, tuple(unproven), search.proofs)


def _give_back(search: _Search) -> int:
    """Show again what is hidden for others only, where they can do without. Says how many cells."""
    users: dict[int, set[int]] = {}
    for cell, proof in search.proofs.items():
        for cells in proof.cells:
            for c in cells.tolist():
                users.setdefault(c, set()).add(cell)
    extra = np.flatnonzero(search.hidden & ~search.task.hidden)
    cost = search.task.cost
    shown = 0
    for c in extra[np.argsort(-cost[extra], kind="stable")].tolist():
        shown += _without(search, c, users)
    return shown


def _without(search: _Search, c: int, users: dict[int, set[int]]) -> bool:
    search.price[c], search.hidden[c] = NEVER, False
    before_hidden: list[int] = []
    left = float(search.task.cost[c])
    found: dict[int, Proof] = {}
    for cell in sorted(users.get(c, ())):
        proof = search.protect(cell, left)
        if proof is None:
            for h in before_hidden:
                search.hidden[h], search.price[h] = False, search.task.cost[h]
            search.price[c], search.hidden[c] = 0.0, True
            return False
        left -= float(search.task.cost[proof.opened].sum())
        before_hidden += proof.opened
        found[cell] = proof
    for cell, proof in found.items():
        for cells in search.proofs[cell].cells:
            for old in cells.tolist():
                users[old].discard(cell)
        search.proofs[cell] = proof
        for cells in proof.cells:
            for now in cells.tolist():
                users.setdefault(now, set()).add(cell)
    search.price[c] = search.task.cost[c]
    return True
