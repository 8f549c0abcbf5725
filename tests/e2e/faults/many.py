"""Faults by chance, and runs that are killed."""

import random
import shutil
import signal
import time

from harness import CONTENT, RUN, THROTTLED, answer, case, check, error, last_words

@case("exit 0 for 20 seeds, images whole", slow=True)
def r41_chaos(w):
    counts, failed = [], []
    for seed in range(1, 21):
        w.repository = f"{RUN}/chaos-{seed}"
        w.start([
            {"path": "/v2/.", "chance": 0.0667, "answer": answer(503)},
            {"path": "/v2/.", "chance": 0.0714, "answer": THROTTLED},
            {"path": "/v2/.", "chance": 0.0769, "cut": "reset"},
        ], seed=seed, apps=3)
        shutil.rmtree(w.folder / ".shipit", ignore_errors=True)
        result = w.push(limit=300)
        counts.append(len(w.proxy.log))
        if result.status:
            failed.append(f"seed {seed}: exit {result.status}")
        else:
            w.whole()
    w.said = f"{min(counts)} to {max(counts)} requests a run"
    check(not failed, ", ".join(failed))


@case("rerun exit 0, no blob sent that is there", slow=True)
def r42_killed(w):
    import random

    chance = random.Random(7)
    for number in range(20):
        w.repository = f"{RUN}/killed-{number}"
        w.start([{"method": "PUT", "path": CONTENT, "nth": "all", "pace": 4_000_000}], apps=2, layer=2_000_000)
        shutil.rmtree(w.folder / ".shipit", ignore_errors=True)
        process = w.spawn()
        while not w.proxy.log and process.poll() is None:
            time.sleep(0.01)
        time.sleep(chance.random() * 2)
        process.send_signal(signal.SIGKILL)
        process.wait()
        time.sleep(0.3)
        there = {tuple(record["path"].split("/blobs/uploads/")[:1]) + (record["path"].split("digest=")[1],) for record in w.requests("PUT", CONTENT, 201)}
        before = len(w.proxy.log)
        result = w.push()
        check(result.status == 0, f"kill {number}: the rerun ends with {result.status}: {last_words(result.text)}")
        for record in w.proxy.log[before:]:
            if record["method"] == "PUT" and "digest=" in record["path"]:
                sent = tuple(record["path"].split("/blobs/uploads/")[:1]) + (record["path"].split("digest=")[1],)
                check(sent not in there, f"kill {number}: a blob was sent twice")
        w.whole()


@case("exit 0, only what is missing is sent")
def r42_cache_half_written(w):
    """As after a kill between two files of the cache, when the registry has some of the layers."""
    w.start([{"method": "PUT", "path": CONTENT, "larger": 100_000, "nth": "all", "answer": answer(400, error("NO", "no"))}], apps=4)
    w.expect(1)
    (w.folder / ".shipit/cache/layers.json").unlink()
    w.proxy.set_rules([])
    w.proxy.log.clear()
    w.expect(0)
    check(len([record for record in w.requests("PUT", CONTENT, 201) if record["received"] > 100_000]) <= 4, "sent more than once")


