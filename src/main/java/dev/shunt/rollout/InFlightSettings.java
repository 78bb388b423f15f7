package dev.shunt.rollout;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What rollbacks do about items in flight, {@code shunt.rollout.*}.
 *
 * @param inFlight {@code finish}, {@code recall} or {@code wait <n>s then recall}, for every rollback that does not say it
 *     itself; absent: finish
 * @param recallOnRollback the older word for {@code in-flight=recall}
 */
@ConfigurationProperties("shunt.rollout")
record InFlightSettings(
        @Nullable String inFlight, @DefaultValue("false") boolean recallOnRollback) {

    InFlightSettings {
        if (inFlight != null) {
            InFlightPolicy given = checked(inFlight);
            if (recallOnRollback && !given.equals(InFlightPolicy.RECALL)) {
                throw new IllegalArgumentException("shunt.rollout.recall-on-rollback=true contradicts"
                        + " shunt.rollout.in-flight=" + given + "; remove the first one");
            }
        }
    }

    InFlightPolicy policy() {
        if (inFlight != null) {
            return checked(inFlight);
        }
        return recallOnRollback ? InFlightPolicy.RECALL : InFlightPolicy.FINISH;
    }

    private static InFlightPolicy checked(String text) {
        try {
            return InFlightPolicy.of(text);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("shunt.rollout.in-flight " + wrong.getMessage(), wrong);
        }
    }
}
