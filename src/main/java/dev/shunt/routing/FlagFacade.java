package dev.shunt.routing;

import org.ff4j.FF4j;
import org.ff4j.core.FeatureStore;
import org.ff4j.core.FlippingExecutionContext;
import org.jspecify.annotations.Nullable;

/** Builds FF4j the one way that is safe on the hot path: no audit, no auto-creation, no cache, no remembered context. */
final class FlagFacade {

    private FlagFacade() {}

    static FF4j over(FeatureStore store) {
        var ff4j = new FF4j();
        ff4j.setFlippingExecutionContext(new ForgetfulContext());
        ff4j.setFeatureStore(store);
        ff4j.setAutocreate(false);
        ff4j.setEnableAudit(false);
        return ff4j;
    }

    /**
     * FF4j keeps the last context of a thread and answers the next check without a context from it: another key's
     * answer. Remembering nothing, such a check finds no key and stays on legacy.
     */
    private static final class ForgetfulContext extends ThreadLocal<@Nullable FlippingExecutionContext> {

        @Override
        public @Nullable FlippingExecutionContext get() {
            return null;
        }

        @Override
        public void set(@Nullable FlippingExecutionContext ignored) {
            // remembering is the trap
        }
    }
}
