package dev.shunt.workloads.trace;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.core.DoorCodec;
import dev.shunt.core.Route;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The 202 answer: the old ingest's body, line feed included, with the workflow's id if there is one and the route. */
record TraceReply(String traceId, List<String> spanIds) implements DoorCodec.Reply {

    @Override
    public byte[] accepted(Route route, @Nullable String workflowId) {
        var out = new StringBuilder("{\"trace_id\":");
        JsonWriter.appendQuoted(out, traceId);
        out.append(",\"span_ids\":[");
        String separator = "";
        for (String spanId : spanIds) {
            JsonWriter.appendQuoted(out.append(separator), spanId);
            separator = ",";
        }
        out.append("],\"success\":true");
        if (workflowId != null) {
            JsonWriter.appendQuoted(out.append(",\"workflow_id\":"), workflowId);
        }
        return out.append(",\"route\":\"")
                .append(route)
                .append("\"}\n")
                .toString()
                .getBytes(UTF_8);
    }
}
