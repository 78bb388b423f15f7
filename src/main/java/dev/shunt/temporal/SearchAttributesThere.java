package dev.shunt.temporal;

import io.temporal.serviceclient.WorkflowServiceStubs;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the server knows Shunt's search attributes. Asked until it does: somebody may set them up while Shunt runs. By one
 * thread, read by all.
 */
final class SearchAttributesThere {

    private static final Logger log = LoggerFactory.getLogger(SearchAttributesThere.class);

    private final TemporalSettings settings;
    private final WorkflowServiceStubs stubs;
    private final RpcDeadline deadline;
    private String missing = "";
    private volatile boolean known;

    SearchAttributesThere(TemporalSettings settings, WorkflowServiceStubs stubs, RpcDeadline deadline) {
        this.settings = settings;
        this.stubs = stubs;
        this.deadline = deadline;
    }

    boolean known() {
        return known;
    }

    /** Says each change in one line. */
    void ask(Duration limit) {
        if (known || settings.inMemory()) {
            return;
        }
        String answer = SearchAttributesOfShunt.missing(stubs, settings.namespace(), deadline, limit);
        if (answer.isEmpty()) {
            log.info(
                    "Namespace {} has Shunt's search attributes; workflows carry them from now on.",
                    settings.namespace());
            known = true;
        } else if (!answer.equals(missing)) {
            log.info("Workflows go without search attributes, as {}; asked again with each health check.", answer);
        }
        missing = answer;
    }
}
