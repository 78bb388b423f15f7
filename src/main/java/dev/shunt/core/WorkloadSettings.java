package dev.shunt.core;

/**
 * One workload's block of configuration, {@code shunt.workloads.<name>}.
 *
 * @param queue Redis list that producers push to and the legacy route consumes
 * @param deadLetterList Redis list that takes raw messages that cannot be processed
 * @param feature FF4j feature that holds the percentage
 * @param routingKey what stays together on one route; fixed for a rollout's life; the workload names its choices
 *     (trace: trace, session, user, project)
 * @param taskQueue Temporal task queue
 */
public record WorkloadSettings(
        String queue, String deadLetterList, String feature, String routingKey, String taskQueue) {

    public WorkloadSettings {
        require("queue", queue);
        require("dead-letter-list", deadLetterList);
        require("feature", feature);
        require("routing-key", routingKey);
        require("task-queue", taskQueue);
        if (queue.equals(deadLetterList)) {
            throw new IllegalArgumentException(
                    "queue and dead-letter-list must differ, both are '" + queue + "': dead letters would be consumed");
        }
    }

    @SuppressWarnings("ConstantValue") // configuration binding hands over null for an absent key
    private static void require(String key, String value) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(key + " must be set in the workload's configuration block");
        }
    }
}
