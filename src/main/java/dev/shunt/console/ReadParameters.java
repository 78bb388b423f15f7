package dev.shunt.console;

import dev.shunt.core.Divergence;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Reads the parameters of the read API; what is wrong is named in the answer. */
@Component
final class ReadParameters {

    private final WorkloadCatalog catalog;

    ReadParameters(WorkloadCatalog catalog) {
        this.catalog = catalog;
    }

    Workload workload(String name) {
        return catalog.workloads().stream()
                .filter(known -> known.name().equals(name))
                .findAny()
                .orElseThrow(() -> ApiException.notFound("no such workload; known: " + known()));
    }

    static Instant instant(String parameter, @Nullable String text, Instant absent) {
        if (text == null || text.isBlank()) {
            return absent;
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeException malformed) {
            throw ApiException.badRequest(parameter + " must be a time such as 2026-11-21T08:00:00Z");
        }
    }

    static LocalDate day(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException malformed) {
            throw ApiException.badRequest("day must be a date such as 2026-11-21");
        }
    }

    static Divergence.@Nullable Kind kind(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        return Arrays.stream(Divergence.Kind.values())
                .filter(kind -> kind.name().equals(text.toUpperCase(Locale.ROOT)))
                .findAny()
                .orElseThrow(() ->
                        ApiException.badRequest("kind must be one of " + Arrays.toString(Divergence.Kind.values())));
    }

    static void between(String parameter, long value, long least, long most) {
        if (value < least || value > most) {
            throw ApiException.badRequest(parameter + " must be " + least + ".." + most + ", was " + value);
        }
    }

    private List<String> known() {
        return catalog.workloads().stream().map(Workload::name).sorted().toList();
    }
}
