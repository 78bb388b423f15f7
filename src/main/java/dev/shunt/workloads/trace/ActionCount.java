package dev.shunt.workloads.trace;

import dev.shunt.core.Delivery.Effort;
import io.temporal.activity.ActivityInfo;
import java.time.Instant;

/**
 * What a trace takes on Temporal, in tries and in the actions that Temporal Cloud bills
 * (<a href="https://docs.temporal.io/cloud/actions">its published rules</a>, read November 2026):
 *
 * <ul>
 *   <li>a workflow that is started: 1; search attributes given with the start: none;
 *   <li>all local activities of one workflow task together: 1 ({@code persistTrace} is tried there first, once);
 *   <li>each start or retry of an ordinary activity: 1.
 * </ul>
 *
 * A trace that is stored at once takes 2, one that needs n tries of the ordinary {@code persistTrace} takes 2 + n. Not
 * counted, because it happens after the commit or outside of the workflow: a cancel by recall or sweep, and retries of
 * the later steps.
 */
final class ActionCount {

    /** The start, and the workflow task with the local activity. */
    private static final int AT_ONCE = 2;

    /** {@code calculateTraceCosts} and {@code updateCostSummaries} as ordinary activities, one try each. */
    static final int LATER_STEPS = 2;

    private ActionCount() {}

    /** @param remote whether the local activity declined by setting, which costs an action and is no try */
    static Effort effort(ActivityInfo info, boolean remote, Instant begun) {
        if (info.isLocal()) {
            return new Effort(begun, 1, AT_ONCE);
        }
        return new Effort(begun, info.getAttempt() + (remote ? 0 : 1), AT_ONCE + info.getAttempt());
    }
}
