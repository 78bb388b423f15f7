package dev.shunt.workloads.trace;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.core.ProbeItems;
import dev.shunt.core.Workload;

/** A trace with a session, a user, nested spans, exact numbers, a model with a price and one without. */
final class TraceProbe implements ProbeItems {

    private static final String BODY = """
            {"trace_id": "%s", "name": "shunt probe", "session_id": "probe-session", "user_id": "probe-user",
             "metadata": {"probe": true, "exact": 12345678901234567890, "tenth": 0.1, "empty": {}, "none": null},
             "spans": [
               {"span_id": "probe-root", "name": "root", "start_time": "2026-01-02T03:04:05.123456Z",
                "end_time": "2026-01-02T03:04:06Z", "input": {"q": "pr\\u00f6be"}, "output": {"blank": ""}, "level": "DEFAULT"},
               {"span_id": "probe-priced", "parent_span_id": "probe-root", "name": "priced", "model": "gpt-4o",
                "start_time": "2026-01-02T03:04:05.2Z", "end_time": "2026-01-02T03:04:05.9Z",
                "usage": {"prompt_tokens": 1200, "completion_tokens": 34, "total_tokens": 1234}},
               {"span_id": "probe-unpriced", "parent_span_id": "probe-root", "name": "unpriced", "model": "no such model",
                "start_time": "2026-01-02T03:04:05.3Z", "usage": {"prompt_tokens": 1, "completion_tokens": 0}}]}
            """;

    @Override
    public Workload workload() {
        return TraceWorkload.TRACE;
    }

    @Override
    public byte[] body(String subject) {
        return BODY.formatted(subject).getBytes(UTF_8);
    }
}
