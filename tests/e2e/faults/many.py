"""Faults by chance, and runs that are killed; both with layers out of the engine's storage and exported."""

import json
import os
import random
import shutil
import signal
import time

from harness import CONTENT, RUN, THROTTLED, answer, case, check, error, far_engine, last_words

CUT = {"status": 200, "body": '{"tok', "headers": {"Content-Length": "100"}, "read": False}
EXPORTED = "is exported by the engine"


def chaos(w, share=0.2):
    """Some of all requests fail, each in another way; every image arrives whole all the same."""
    ways = [
        {"answer": answer(503)},
        {"answer": answer(500, "oops")},
        {"answer": THROTTLED},
        {"cut": "reset"},
        {"cut": "close", "lost": True},
        {"stall": 1.5},
        {"truncate": 5},
        {"after": 30_000, "cut": "reset", "method": "PUT|PATCH", "larger": 30_000},
    ]
    counts, failed, faults = [], [], 0
    for seed in range(1, 21):
        w.repository = f"{RUN}/{w.name.replace('_', '-')}-{seed}"
        # A rule is asked only where those before it did not fire.
        chances = [share / len(ways) / (1 - number * share / len(ways)) for number in range(len(ways))]
        rules = [{"path": "^/v2/", "chance": chance, **way} for chance, way in zip(chances, ways)]
        rules += [{"path": "^/token", "chance": share / 2, **way} for way in ({"answer": answer(503)}, {"answer": CUT})]
        w.start(rules, seed=seed, apps=5, login={})
        shutil.rmtree(w.folder / ".shipit", ignore_errors=True)
        result = w.wait(w.spawn("do push -v"), 300)
        counts.append(len(w.proxy.log))
        faults += sum(1 for record in w.proxy.log if record.get("rule"))
        if result.status:
            failed.append(f"seed {seed}: exit {result.status}: {last_words(result.text)}")
        else:
            check(("DOCKER_HOST" in w.environment) == (EXPORTED in result.text), "layers came the other way")
            w.whole()
    w.said = f"{faults} faults, {min(counts)} to {max(counts)} requests a run"
    check(not failed, ", ".join(failed))


@case("exit 0 for 20 seeds, images whole", slow=True)
def r41_chaos(w):
    chaos(w)


@case("exit 0 for 20 seeds, images whole", slow=True)
def r41_chaos_exported(w):
    far_engine(w)
    chaos(w)


def name_of(record):
    """The repository and the digest of an upload."""
    path, _, digest = record["path"].partition("digest=")
    return path.split("/blobs/uploads/")[0], digest


def sent(w, start=0):
    found = (record for record in w.proxy.log[start:] if record["method"] == "PUT" and "digest=" in record["path"])
    return [name_of(record) for record in found if record["status"] == 201]


def kept_whole(w, number):
    """What a run leaves can be read by the next one, wherever it was stopped."""
    for file in (w.folder / ".shipit").rglob("*.json"):
        try:
            json.loads(file.read_text())
        except ValueError as failure:
            check(False, f"kill {number}: {file.name} is not whole: {failure}")


def nothing_unfinished(w, number):
    state = w.folder / ".shipit"
    left = [str(file.relative_to(state)) for file in state.rglob("*") if file.suffix == ".tmp" or file.parent.name == "spool"]
    check(not left, f"kill {number}: {left} are left")


def kills(w, rounds, wait, new=False):
    """Kills runs after a wait, does the same again; `new`: with content that was never built."""
    told = {}
    for number in range(rounds):
        w.repository = f"{RUN}/{w.name.replace('_', '-')}-{number}"
        w.start([{"method": "PUT", "path": CONTENT, "nth": "all", "pace": 4_000_000}], apps=3, layer=300_000 if new else 2_000_000)
        if new:
            for app in w.apps:
                with open(w.folder / app / "big", "ab") as file:
                    file.write(os.urandom(30_000))
        # Every other run knows what the one before it found out.
        if number % 2 == 0:
            shutil.rmtree(w.folder / ".shipit", ignore_errors=True)
        process = w.spawn()
        wait(process)
        text = (w.folder / f"err{len(w.results)}").read_text()
        process.send_signal(signal.SIGKILL)
        process.wait()
        time.sleep(0.3)
        asked = any("/blobs/" in record["path"] for record in w.proxy.log)
        phase = "pushing" if asked or "[push-" in text else "building" if "[build-" in text else "starting"
        told[phase] = told.get(phase, 0) + 1
        kept_whole(w, number)
        before, there = len(w.proxy.log), set(sent(w))
        result = w.push()
        check(result.status == 0, f"kill {number} while {phase}: the rerun ends with {result.status}: {last_words(result.text)}")
        again = sent(w, before)
        check(not there & set(again), f"kill {number}: a blob was sent twice")
        check(len(again) == len(set(again)), f"kill {number}: the rerun sent a blob twice")
        nothing_unfinished(w, number)
        w.whole()
    w.said = ", ".join(f"{count} {phase}" for phase, count in sorted(told.items()))


def in_push(w):
    chance = random.Random(7)

    def wait(process):
        while not any("/blobs/" in record["path"] for record in w.proxy.log) and process.poll() is None:
            time.sleep(0.01)
        time.sleep(chance.random() * 1.5)

    kills(w, 20, wait)


def early(w, rounds, seed):
    """From the first moment to the first uploads: in builds, and between build and push."""
    chance = random.Random(seed)
    w.start(apps=3, layer=300_001)
    took = w.push().seconds
    kills(w, rounds, lambda _: time.sleep(chance.random() * took), new=True)


@case("rerun exit 0, no blob sent that is there", slow=True)
def r42_killed(w):
    in_push(w)


@case("rerun exit 0, no blob sent that is there", slow=True)
def r42_killed_exported(w):
    far_engine(w)
    in_push(w)


@case("rerun exit 0, no blob sent that is there", slow=True)
def r42_killed_early(w):
    early(w, 40, 11)


@case("rerun exit 0, no blob sent that is there", slow=True)
def r42_killed_early_exported(w):
    far_engine(w)
    early(w, 40, 12)


@case("exit 0, only what is missing is sent", slow=True)
def r42_cache_half_written(w):
    """As after a kill between two files of the cache, when the registry has some of the layers."""
    w.start([{"method": "PUT", "path": CONTENT, "larger": 100_000, "nth": "all", "answer": answer(400, error("NO", "no"))}], apps=4)
    w.expect(1)
    (w.folder / ".shipit/cache/layers.json").unlink()
    w.proxy.set_rules([])
    w.proxy.log.clear()
    w.expect(0)
    check(len([record for record in w.requests("PUT", CONTENT, 201) if record["received"] > 100_000]) <= 4, "sent more than once")
