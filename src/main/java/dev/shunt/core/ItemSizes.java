package dev.shunt.core;

import java.util.List;

/** Sizes of recent items, for finding out before a rollout what would not fit. Every place that holds some is a bean. */
public interface ItemSizes {

    /** Where they are looked up, in a few words. */
    String source();

    /**
     * The newest items.
     *
     * @param limit at most this many
     * @throws UnavailableException if they cannot be read
     */
    List<Size> recent(Workload workload, int limit);

    /**
     * @param subject what the item is about; its identity is made of project, subject and 17 more characters
     * @param bytes of its message as JSON in UTF-8, close enough to compare with limits
     */
    record Size(String project, String subject, long bytes) {}
}
