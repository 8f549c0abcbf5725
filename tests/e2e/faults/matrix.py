"""The matrix of faults: for each, the cases here that make it, or the tests elsewhere that do.

`r43_` stands for all cases whose names begin so, `tests/…::name` for a function of a test file, and
`cases/name` for an end-to-end case. What is named must exist.
"""

import re

from harness import DECLARED, ROOT

OCI = "tests/it/oci"
MATRIX = [
    (1, "429 with Retry-After", ["r01_"]),
    (2, "429 without it, once", ["r02_"]),
    (3, "429 three times", ["r03_"]),
    (4, "429 for ever", ["r04_"]),
    (5, "Retry-After of an hour", ["r05_"]),
    (6, "Retry-After as a date", ["r06_", "s09_odd_waits"]),
    (7, "429 in other words", ["r07_"]),
    (8, "429 on the manifest", ["r02_", "r03_", "r07_"]),
    (9, "every third write 429, 20 images", ["r09_"]),
    (10, "500 once, everywhere", ["r10_", f"{OCI}/faults.rs::passing_statuses_are_survived_at_every_request"]),
    (11, "502 as HTML, 503 for ever", ["r11_"]),
    (12, "reset in a layer", ["r12_"]),
    (13, "reset always", ["r13_"]),
    (14, "closed without an answer", ["r14_"]),
    (15, "answered before the body was read", ["r15_"]),
    (16, "stall in a layer", ["r16_"]),
    (17, "token server stalls", ["r17_"]),
    (18, "slow line", ["r18_"]),
    (19, "wrong Docker-Content-Digest", ["r19_", "s08_"]),
    (20, "a bit flipped on the way", ["r20_"]),
    (21, "answer lost after the commit", ["r21_"]),
    (22, "201 for a session; the engine dies", ["r22_", "r47_"]),
    (23, "session gone", ["r23_"]),
    (24, "416", ["r24_", "s06_", "s14_"]),
    (25, "HEAD lies, MANIFEST_BLOB_UNKNOWN", ["r25_", "s16_", "tests/it/push/lying.rs::what_it_lacks_is_brought_again_though_it_was_never_sent"]),
    (26, "registry down for 3 s, for long", ["r26_"]),
    (27, "token dies", ["r27_"]),
    (28, "401 for ever, wrong password", ["r28_"]),
    (29, "403", ["r29_"]),
    (30, "immutable tag", ["r30_"]),
    (31, "realm at another host", ["r31_", "s10_"]),
    (32, "realm that leads inside", ["r32_", f"{OCI}/auth.rs::token_servers_that_lead_inside_are_not_connected_to"]),
    (33, "redirect or Location elsewhere", ["r33_", "s05_"]),
    (34, "redirects in circles, https to http", ["r34_", "s19_"]),
    (35, "certificates", ["r35_"]),
    (36, "floods: error, token, manifest, gzip", ["r36_", "s04_"]),
    (37, "ESC, OSC, bidi", ["r37_", "s20_"]),
    (38, "answers that are cut", ["r38_", f"{OCI}/read.rs::a_manifest_that_breaks_off_is_asked_for_again"]),
    (39, "odd dates and lives of tokens", ["r39_", "s12_"]),
    (40, "wrong clock", ["r40_"]),
    (41, "chaos, 20 %", ["r41_"]),
    (42, "kill -9 in a push", ["r42_"]),
    (43, "kill -9 in publish", ["r43_", "src/render/output/tests.rs::what_a_killed_run_left_is_finished_by_the_next"]),
    (44, "Ctrl-C in build, push, prompt", ["cases/interrupted", "cases/terminated", "cases/prompt", "cases/stopped-step"]),
    (45, "SIGTERM, SIGHUP, a closed pipe", ["cases/terminated", "cases/stopped-step", "tests/it/cli.rs::a_reader_that_goes_away_is_no_error"]),
    (46, "engine killed in a build", ["r46_"]),
    (47, "engine killed in a push", ["r47_"]),
    (48, "no engine, odd addresses", ["tests/it/engine.rs::an_engine_that_is_not_there_is_named_with_its_origin", "src/image/engine/dial.rs::an_address_is_understood_or_refused_with_the_reason"]),
    (49, "engine denied", ["r49_"]),
    (50, "old engine", ["tests/it/engine.rs::an_engine_that_is_too_old_is_refused"]),
    (51, "engine's disk full", ["r51_"]),
    (52, "output or state disk full", ["r52_"]),
    (53, "output read-only, or a file", ["r53_"]),
    (54, "output leads elsewhere", ["r54_", "src/render/output/tests.rs::links_and_paths_do_not_lead_out_of_the_folder"]),
    (55, "ten runs at once, holder killed", ["r55_", "cases/two-runs"]),
    (56, "build log without end", ["r56_", "src/image/build/lines.rs::a_line_without_end_is_shown_in_pieces_and_not_held"]),
    (57, "build log that prints anything", ["r57_"]),
    (58, "1,000 apps", ["r58_"]),
    (59, "credential helpers that fail", ["tests/it/oci/keychain.rs::a_helper_that_fails_is_named_and_its_output_is_not", "r59_"]),
    (60, "deployments in Azure", []),
]


def found(place):
    """Whether there is what a row names, and the cases that it means."""
    if "::" in place:
        file, name = place.split("::")
        return re.search(rf"\bfn {name}\(", (ROOT / file).read_text()) is not None, []
    if place.startswith("cases/"):
        return (ROOT / f"tests/e2e/{place}.sh").exists(), []
    cases = [name for name in DECLARED if name.startswith(place)]
    return bool(cases), cases


def show(failed, ran):
    """Prints the table; gives the rows that name what is not there."""
    wrong = []
    for number, fault, places in MATRIX:
        state, words = "ok  ", []
        for place in places:
            exists, cases = found(place)
            if not exists:
                wrong.append(number)
                state = "FAIL"
                words.append(f"{place} is not there")
            elif cases:
                words += cases
                if set(cases) & set(failed):
                    state = "FAIL"
                elif not set(cases) <= set(ran) and state == "ok  ":
                    state = "part"
            else:
                words.append(f"covered by {place}")
        if not places:
            state, words = "none", ["not made here: shipit does not deploy to Azure itself"]
        print(f"{state} {number:2} {fault:42} {', '.join(words)}")
    return wrong
