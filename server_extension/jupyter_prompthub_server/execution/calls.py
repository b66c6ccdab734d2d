"""The endpoints of the REST table that run and cancel; the event stream is in ``handlers/execution.py``."""

from __future__ import annotations

from jupyter_prompthub.core.records import ExecuteRequest, ExecuteResponse, Execution

from ..access.permissions import Permission
from ..endpoints import Context, endpoint
from ..runtime import Runtime
from .pipeline import Pipeline, open_pipeline

__all__ = ["cancel", "execute", "pipeline_of"]


def pipeline_of(runtime: Runtime) -> Pipeline:
    """The pipeline of the store that this process owns, made on first use."""
    return runtime.part("pipeline", lambda owner: open_pipeline(owner.dispatcher, owner.settings))


@endpoint(Permission.PROMPT_EXECUTE, audited="executions.begin")
async def execute(context: Context, request: ExecuteRequest) -> ExecuteResponse:
    """Run a prompt on a model, and answer when it is done."""
    return await pipeline_of(context.runtime).execute(context.caller, request)


@endpoint(Permission.PROMPT_EXECUTE, audited="executions.finish")
async def cancel(context: Context) -> Execution:
    """Cancel a running execution; its record as it is then."""
    return await pipeline_of(context.runtime).cancel(context.caller, context.path["execution_id"])
