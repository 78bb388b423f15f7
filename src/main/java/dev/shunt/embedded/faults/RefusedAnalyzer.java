package dev.shunt.embedded.faults;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Prints why no fault is planted, without a stack trace. */
final class RefusedAnalyzer extends AbstractFailureAnalyzer<PlantedFaults.Refused> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, PlantedFaults.Refused cause) {
        return new FailureAnalysis(cause.getMessage(), null, cause);
    }
}
