"""Deployments: what each environment serves of a prompt, appended to and never changed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select

from jupyter_prompthub.core.errors import Conflict, InvalidInput
from jupyter_prompthub.core.records import (
    Deployment,
    DeploymentPage,
    Environment,
    EnvironmentList,
    PageQuery,
    Promote,
    Rollback,
)

from ..access.permissions import AuditTag, Permission
from ..operations import operation
from ..store.clock import iso, new_id
from ..store.paging import Sort, fetch
from ..store.tables import deployment, environment
from ..store.types import AnyRow
from ..targets import by_prompt, writable
from ..transaction import Tx
from . import refs
from .around import actors
from .version_rows import SHORT

__all__ = ["append", "environments", "last_of", "list_", "promote", "require_deploy", "rollback", "serve"]


@operation(Permission.PROMPT_READ, no_audit="read")
def environments(tx: Tx) -> EnvironmentList:
    """The workspace's environments, in their order."""
    rows = tx.conn.execute(
        select(environment.c.name, environment.c.position)
        .where(environment.c.workspace_id == tx.workspace_id)
        .order_by(environment.c.position, environment.c.name)
    )
    return EnvironmentList(items=tuple(Environment(name=row.name, position=row.position) for row in rows))


@operation(Permission.PROMPT_READ, no_audit="read", target=by_prompt)
def list_(tx: Tx, prompt: AnyRow, query: PageQuery) -> DeploymentPage:
    """What was deployed of a prompt, newest first."""
    before = deployment.alias("before")
    mine = (
        select(deployment, before.c.version_sha.label("previous_sha"))
        .outerjoin(
            before,
            (before.c.workspace_id == deployment.c.workspace_id) & (before.c.id == deployment.c.previous_id),
        )
        .where(deployment.c.workspace_id == tx.workspace_id, deployment.c.prompt_id == prompt.id)
    )
    order = [Sort(deployment.c.created_at, descending=True), Sort(deployment.c.id, descending=True)]
    paged = fetch(tx.conn, mine, order, query, named="deployments")
    people = actors(tx, (row.actor_id for row in paged.rows))
    items = tuple(_record(row, row.previous_sha, people[row.actor_id]) for row in paged.rows)
    return DeploymentPage(items=items, **paged.fields())


@operation(Permission.PROMPT_READ, tag=AuditTag.DEPLOYMENT_PROMOTE, target=by_prompt)
def promote(tx: Tx, prompt: AnyRow, new: Promote) -> Deployment:
    """Serve a version in an environment (needs ``deploy:ENVIRONMENT``)."""
    require_deploy(tx, new.environment)
    writable(prompt)
    sha = refs.resolve(tx, prompt, new.version).sha
    last = last_of(tx, prompt.id, new.environment)
    if last is not None and last.version_sha == sha:
        tx.unchanged()
        before = tx.conn.execute(
            select(deployment.c.version_sha).where(
                deployment.c.workspace_id == tx.workspace_id, deployment.c.id == last.previous_id
            )
        ).scalar_one_or_none()
        return _record(last, before, actors(tx, [last.actor_id])[last.actor_id])
    return append(tx, prompt, new.environment, sha, action="promote", reason=new.reason)


@operation(Permission.PROMPT_READ, tag=AuditTag.DEPLOYMENT_ROLLBACK, target=by_prompt)
def rollback(tx: Tx, prompt: AnyRow, new: Rollback) -> Deployment:
    """Serve again what an environment served before (needs ``deploy:ENVIRONMENT``)."""
    require_deploy(tx, new.environment)
    writable(prompt)
    sha = _before(tx, prompt.id, new.environment)
    if sha is None:
        raise Conflict(
            f"{new.environment} has served no other version of {prompt.name} before, so there is nothing to go back "
            "to. Promote a version instead.",
            details={"environment": new.environment},
        )
    return append(tx, prompt, new.environment, sha, action="rollback", reason=new.reason)


def require_deploy(tx: Tx, name: str) -> None:
    """Refuse who may not deploy to that environment. One without a permission of its own needs production's.

    Raises:
        InvalidInput: no such environment.
        Forbidden: without ``deploy:ENVIRONMENT``.
    """
    rows = tx.conn.scalars(
        select(environment.c.name)
        .where(environment.c.workspace_id == tx.workspace_id)
        .order_by(environment.c.position)
    ).all()
    if name not in rows:
        raise InvalidInput(
            f"there is no environment {name!r}; there are: {', '.join(rows) or 'none'}",
            details={"environment": name},
        )
    wanted = f"deploy:{name}"
    known = {permission.value for permission in Permission}
    tx.require(Permission(wanted) if wanted in known else Permission.DEPLOY_PRODUCTION)


def append(tx: Tx, prompt: AnyRow, name: str, sha: str, *, action: str, reason: str) -> Deployment:
    """Serve ``sha`` from now on, audited and told of; the caller has checked the right."""
    last = last_of(tx, prompt.id, name)
    row = serve(tx, prompt.id, name, sha, action=action, reason=reason, last=last)
    tx.audit(prompt=prompt.id, environment=name, version=sha, deployment=row.id)
    tx.emit("deployment.changed", prompt=prompt.id, environment=name, version=sha)
    before = last.version_sha if last is not None else None
    return _record(row, before, actors(tx, [row.actor_id])[row.actor_id])


def serve(
    tx: Tx, prompt_id: str, name: str, sha: str, *, action: str, reason: str, last: AnyRow | None = None
) -> AnyRow:
    """The row alone, for an operation that does the telling itself. ``last``: the row before, if there is one."""
    values = {
        "workspace_id": tx.workspace_id,
        "id": new_id(),
        "environment": name,
        "prompt_id": prompt_id,
        "number": last.number + 1 if last is not None else 1,
        "version_sha": sha,
        "previous_id": last.id if last is not None else None,
        "action": action,
        "reason": reason,
        "actor_id": tx.caller.actor_id,
        "credential_id": tx.caller.credential_id,
        "via": tx.caller.via,
        "created_at": tx.now,
    }
    return tx.conn.execute(insert(deployment).values(**values).returning(deployment)).one()


def last_of(tx: Tx, prompt_id: str, name: str) -> AnyRow | None:
    """What an environment serves of a prompt now."""
    return tx.conn.execute(
        select(deployment).where(*_in(tx, prompt_id, name)).order_by(deployment.c.number.desc()).limit(1)
    ).one_or_none()


def _before(tx: Tx, prompt_id: str, name: str) -> str | None:
    """What was served before the present version: promotions pile up, a rollback takes the top one off."""
    rows = tx.conn.execute(
        select(deployment.c.action, deployment.c.version_sha)
        .where(*_in(tx, prompt_id, name))
        .order_by(deployment.c.number.desc())
        .execution_options(yield_per=100)
    )
    off = 1
    for row in rows:
        if row.action == "rollback":
            off += 1
        elif off:
            off -= 1
        else:
            rows.close()
            return str(row.version_sha)
    return None


def _in(tx: Tx, prompt_id: str, name: str) -> tuple[Any, ...]:
    return (
        deployment.c.workspace_id == tx.workspace_id,
        deployment.c.prompt_id == prompt_id,
        deployment.c.environment == name,
    )


def _record(row: AnyRow, previous: str | None, actor: Any) -> Deployment:
    return Deployment(
        id=row.id,
        environment=row.environment,
        prompt_id=row.prompt_id,
        version_sha=row.version_sha,
        short=row.version_sha[:SHORT],
        previous_sha=previous,
        actor=actor,
        created_at=iso(row.created_at),
        reason=row.reason,
        action=row.action,
    )
