"""Folders that are full, read-only or somewhere else; runs that are killed; locks; the clock."""

import random
import shutil
import signal
import subprocess
import time

from harness import UPLOADS, case, check, last_words

PARTS = 'name = "notes"\n[registries.acr]\nkind = "azure"\nname = "notesregistry"\n[environments.aca]\nkind = "azure-container-apps"\n'
APP = '[apps.{0}]\nkind = "dockerfile"\ncontext = "./app"\nenv = {{ WORD = "{1}", TEXT = "{2}" }}\nendpoints.http = {{ target-port = 8080 }}\n'


def many_files(w, word, apps=12, text=""):
    """A manifest that gives several files, in each of which is a word."""
    (w.folder / "app").mkdir(exist_ok=True)
    (w.folder / "app/Dockerfile").write_text("FROM scratch\nCOPY Dockerfile /\n")
    w.manifest(PARTS + "".join(APP.format(f"app{number}", word, text) for number in range(apps)))


def tree(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def small_disk(w, name, size, *options):
    place = w.folder / name
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", ",".join([f"size={size}", *options]), "tmpfs", place], check=True)
    w.closing.append(lambda: subprocess.run(["umount", "--lazy", place], check=False))
    return place


@case("all old or all new, and nothing else after a rerun")
def r43_killed_while_it_publishes(w):
    chance, out = random.Random(43), w.folder / "publish"
    many_files(w, "first")
    w.expect(0, words="publish")
    many_files(w, "second")
    took = w.expect(0, words="publish").seconds
    second, kept, told = tree(out), w.folder / "kept", {"old": 0, "new": 0, "unfinished": 0}
    many_files(w, "first")
    w.expect(0, words="publish")
    first = tree(out)
    shutil.copytree(out, kept)
    many_files(w, "second")
    for number in range(60):
        shutil.rmtree(out)
        shutil.copytree(kept, out)
        process = w.spawn("publish")
        time.sleep(chance.random() * took)
        process.kill()
        process.wait()
        found = {name: text for name, text in tree(out).items() if not name.startswith(".shipit-publish-") and not name.endswith(".tmp")}
        for name, text in found.items():
            known = (first.get(name), second.get(name))
            check(name.startswith(".") or text in known, f"kill {number}: {name} is neither the old one nor the new one")
        told["old" if found == first else "new" if found == second else "unfinished"] += 1
        result = w.expect(0, words="publish")
        check(tree(out) == second, f"kill {number}: the rerun leaves {set(tree(out)) ^ set(second)}: {result.text[-200:]}")
    w.said = ", ".join(f"{count} {name}" for name, count in told.items())


@case("exit 1, no space, the old files are there")
def r52_output_disk_full(w):
    out = small_disk(w, "publish", "256k")
    many_files(w, "first", apps=2)
    w.expect(0, words="publish")
    before = tree(out)
    many_files(w, "second", apps=30, text="x" * 10_000)
    result = w.expect(1, str(out), "No space left on device", words="publish")
    check(tree(out) == before, f"changed: {set(tree(out)) ^ set(before)}")
    w.said = last_words(result.text)[:80]


@case("exit 1, no space, then exit 0")
def r52_state_disk_full(w):
    state = small_disk(w, ".shipit", "64k", "mode=700")
    w.start(layer=400_000)
    w.expect(1, str(state), "o space left on device")
    subprocess.run(["mount", "-o", "remount,size=64m", state], check=True)


@case("exit 2, names the folder; a file is no folder")
def r53_output_read_only(w):
    out = small_disk(w, "fixed", "64k", "ro")
    many_files(w, "first", apps=1)
    for place in (out, out / "deeper"):
        result = w.expect(2, "fixed", words=f"publish --output {place}")
        check("ead-only file system" in result.text, result.text[-200:])
    (w.folder / "file").write_text("mine")
    w.expect(2, "file", words=f"publish --output {w.folder}/file")
    check((w.folder / "file").read_text() == "mine", "the file was changed")


@case("refused, nothing outside is touched")
def r54_output_leads_elsewhere(w):
    outside, out = w.folder / "outside", w.folder / "publish"
    outside.mkdir()
    many_files(w, "first", apps=1)
    w.expect(0, words="publish")
    name = next(name for name in tree(out) if name.endswith(".bicep"))
    (out / name).unlink()
    (out / name).symlink_to(outside / "target")
    (outside / "target").write_text("mine")
    result = w.wait(w.spawn("publish"))
    check((outside / "target").read_text() == "mine", "what is outside was changed")
    check(result.status == 2 and name.split("/")[-1] in result.text, f"exit {result.status}: {last_words(result.text)}")
    shutil.rmtree(out)
    out.symlink_to(outside)
    result = w.wait(w.spawn("publish"))
    check(list(outside.iterdir()) == [outside / "target"], "files were put outside")
    check(result.status == 2, f"exit {result.status}: {last_words(result.text)}")


@case("one of ten runs; exit 5 names it; a kill frees the lock")
def r55_ten_runs(w):
    w.start([{"method": "POST", "path": UPLOADS, "nth": "all", "stall": 4}])
    holder = w.spawn()
    end = time.monotonic() + 30
    while not w.requests("POST", UPLOADS):
        check(time.monotonic() < end and holder.poll() is None, "the first run does nothing")
        time.sleep(0.01)
    others = []
    for number in range(9):
        with open(w.folder / f"other{number}", "wb") as file:
            others.append(subprocess.Popen(w.command(), cwd=w.folder, env=w.variables(), stdin=subprocess.DEVNULL, stdout=file, stderr=file))
    for number, other in enumerate(others):
        check(other.wait(30) == 5, f"run {number} ends with {other.returncode}")
        check(f"process {holder.pid} " in (w.folder / f"other{number}").read_text(), "the holder is not named")
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    w.proxy.set_rules([])
    w.expect(0)


@case("exit 0 with a clock that is a day or 10 years off")
def r40_clock(w):
    source = w.folder / "clock.c"
    source.write_text(
        "#define _GNU_SOURCE\n#include <dlfcn.h>\n#include <stdlib.h>\n#include <time.h>\n"
        "int clock_gettime(clockid_t id, struct timespec *at) {\n"
        "  static int (*real)(clockid_t, struct timespec *);\n"
        '  if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");\n'
        "  int result = real(id, at);\n"
        '  if (id == CLOCK_REALTIME) at->tv_sec += atoll(getenv("OFFSET"));\n'
        "  return result;\n}\n"
    )
    subprocess.run(["cc", "-shared", "-fPIC", "-o", w.folder / "clock.so", source, "-ldl"], check=True)
    repository = w.repository
    for days in (-1, 1, 3650):
        w.repository = f"{repository}{days}"
        w.start(login={"token": {"expires_in": 300, "issued_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}})
        w.environment |= {"LD_PRELOAD": str(w.folder / "clock.so"), "OFFSET": str(days * 86_400)}
        w.expect(0)
        check(len(w.requests("GET", "^/token")) <= 2, f"{len(w.requests('GET', '^/token'))} token calls")
        w.whole()
    w.environment.pop("LD_PRELOAD")
