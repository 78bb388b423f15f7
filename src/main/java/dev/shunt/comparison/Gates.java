package dev.shunt.comparison;

import java.util.List;
import java.util.Optional;

/**
 * Judges a phase of a rollout. Only looks: what follows from a verdict is for others to do.
 *
 * <p>Verdicts may be asked for at any time and as often as wanted: false alarms of a whole rollout stay within the
 * settings however often it is looked at (docs/statistics.md).
 */
public interface Gates {

    /**
     * Looks at what there is now. Data that cannot be read make findings of NO_DATA, never an exception. It is kept when
     * it differs from the one before in the outcome of a finding, and at least once a minute.
     */
    Verdict evaluate(GateQuestion question);

    /**
     * Keeps a verdict that a decision rests on. Returns at once and never throws: while Postgres is away, it is kept as
     * soon as it is back. Twice is as good as once.
     */
    void keep(Verdict verdict);

    /**
     * One that was kept.
     *
     * @throws java.util.NoSuchElementException if there is none under this id
     * @throws dev.shunt.core.UnavailableException if it cannot be read now
     */
    Verdict recorded(String id);

    /**
     * The newest that was kept of this rollout.
     *
     * @throws dev.shunt.core.UnavailableException if it cannot be read now
     */
    Optional<Verdict> latest(String rollout);

    /**
     * Why these gates cannot be used here, one sentence for each fault: a gate that is named twice, or whose source is not
     * there. Empty if they can.
     */
    List<String> problems(List<GateSpec> gates);
}
