package dev.shunt.operations;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Prints which key is wrong, without a stack trace: every record of settings refuses with a message that begins with its key. */
final class WrongValueAnalyzer extends AbstractFailureAnalyzer<IllegalArgumentException> {

    private static final String OURS = "shunt.";

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, IllegalArgumentException cause) {
        String message = cause.getMessage();
        return message == null || !message.startsWith(OURS)
                ? null
                : new FailureAnalysis(message, "Correct the setting and start again.", cause);
    }
}
