package dev.shunt.comparison;

import dev.shunt.core.IgnoreRule;
import dev.shunt.core.Workload;
import dev.shunt.store.IgnoreRules;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rules that hide divergences for a while: who made them, until when, and what they hide. */
public final class IgnoreRuleBook {

    private static final Logger log = LoggerFactory.getLogger(IgnoreRuleBook.class);

    private final IgnoreRules rules;
    private final Clock clock;

    IgnoreRuleBook(IgnoreRules rules, Clock clock) {
        this.rules = rules;
        this.clock = clock;
    }

    /**
     * @param by who creates it, which may be another one than its owner
     * @throws IllegalArgumentException if it does not expire within {@link IgnoreRule#LONGEST}
     */
    public IgnoreRule create(IgnoreRule.Draft draft, String by) {
        IgnoreRule created = rules.create(draft.from(clock.instant()), by);
        log.info(
                "{} created ignore rule {} for {} at {} until {}; it hides {} divergences now",
                by,
                created.id(),
                draft.kind() == null ? "every kind" : draft.kind(),
                draft.path(),
                draft.expiresAt(),
                created.hides());
        return created;
    }

    /** Oldest first; with those that expired or were removed only if asked for. */
    public List<IgnoreRule> list(@Nullable Workload workload, boolean onlyActive) {
        return rules.list(workload, onlyActive);
    }

    public Optional<IgnoreRule> find(long id) {
        return rules.find(id);
    }

    /** @return the rule as it is now; empty if there is none */
    public Optional<IgnoreRule> remove(long id, String by) {
        Optional<IgnoreRule> removed = rules.remove(id, by);
        removed.ifPresent(rule -> log.info("{} removed ignore rule {}; what it hid is shown again", by, id));
        return removed;
    }
}
