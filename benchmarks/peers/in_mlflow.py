"""Reads, writes and searches of MLflow's prompt registry by its own client; run by MLflow's Python.

python in_mlflow.py URL PROMPTS TURNS TEXT_FILE   ->  {"read": [seconds …], "write": […], "search": […]} on stdout
"""

import json
import os
import sys
import time
from pathlib import Path

os.environ["MLFLOW_ENABLE_ASYNC_LOGGING"] = "false"

import mlflow


def main() -> None:
    url, prompts, turns, file = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    text = Path(file).read_text()
    mlflow.set_tracking_uri(url)
    mlflow.set_registry_uri(url)
    for number in range(prompts):
        mlflow.genai.register_prompt(
            name=f"topic{number % 7}-p{number:05}", template=text, commit_message="First"
        )
    actions = {
        "read": lambda turn: mlflow.genai.load_prompt("prompts:/topic0-p00000/1", cache_ttl_seconds=0),
        "write": lambda turn: mlflow.genai.register_prompt(
            name="topic0-p00000", template=f"{text}Edit {turn}\n", commit_message=f"Edit {turn}"
        ),
        "search": lambda turn: mlflow.genai.search_prompts(
            filter_string="name ILIKE '%topic3%'", max_results=50
        ),
    }
    taken: dict = {name: [] for name in actions}
    for turn in range(-3, turns):
        for name, action in actions.items():
            start = time.perf_counter()
            action(turn)
            if turn >= 0:
                taken[name].append(time.perf_counter() - start)
    print(json.dumps(taken))


main()
