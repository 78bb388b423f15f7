package dev.shunt.workloads.echo;

import dev.shunt.core.Divergence;
import dev.shunt.core.ResultAudit;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds nothing wrong with an echo. */
final class EchoAudit implements ResultAudit {

    private final EchoTable table;

    EchoAudit(EchoTable table) {
        this.table = table;
    }

    @Override
    public List<Divergence> verify(List<Accepted> done) {
        return List.of();
    }

    @Override
    public List<Divergence> unaccounted(Instant from, Instant until) {
        return List.of();
    }

    @Override
    public List<Divergence> verifySummaries(LocalDate day) {
        return List.of();
    }

    @Override
    public Optional<String> stored(String project, String subject) {
        return table.text(project, subject).map(text -> new EchoMessage(subject, project, text).line());
    }

    @Override
    public List<Map<String, Object>> summary(String project, LocalDate day) {
        return List.of();
    }
}
