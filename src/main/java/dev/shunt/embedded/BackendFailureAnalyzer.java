package dev.shunt.embedded;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Prints why an embedded backend cannot be used, without a stack trace. */
final class BackendFailureAnalyzer extends AbstractFailureAnalyzer<BackendException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, BackendException cause) {
        return new FailureAnalysis(cause.getMessage(), null, cause);
    }
}
