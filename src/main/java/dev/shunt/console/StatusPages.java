package dev.shunt.console;

import dev.shunt.console.Figure.Look;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.rollout.Rollback;
import dev.shunt.rollout.RollbackProof;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/** Writes the pages. */
@Component
final class StatusPages {

    private static final MediaType HTML = MediaType.parseMediaType("text/html;charset=UTF-8");
    private static final int REMEMBERED = 20;

    private final Sights sights;
    private final ReportTemplates templates;
    private final WorkloadCatalog catalog;
    private final Clock clock;

    /** Rollbacks ordered here: a page about them must be true even when nothing but this process can be asked. */
    private final Map<String, Rollback> ordered = new LinkedHashMap<>();

    StatusPages(Sights sights, ReportTemplates templates, WorkloadCatalog catalog, Clock clock) {
        this.sights = sights;
        this.templates = templates;
        this.catalog = catalog;
        this.clock = clock;
    }

    /** What became of an order that was not carried out. Public for the template engine. */
    public record Notice(String heading, String words, boolean overridable) {}

    static ResponseEntity<String> html(int status, String page) {
        return ResponseEntity.status(status).contentType(HTML).body(page);
    }

    static List<Workload> sorted(WorkloadCatalog catalog) {
        return catalog.workloads().stream()
                .sorted(Comparator.comparing(Workload::name))
                .toList();
    }

    String page(Workload workload, String token, @Nullable Notice notice) {
        return status("status", workload, token, notice);
    }

    String figures(Workload workload, String token) {
        return status("figures", workload, token, null);
    }

    String proof(Workload workload, @Nullable String id, String token) {
        Look<Optional<RollbackProof>> look = sights.proof(workload);
        Map<String, @Nullable Object> model = model(workload, token);
        model.put("proof", ProofPage.of(look, clock.instant()).orElse(null));
        model.put("trouble", look.value() == null ? PageWords.trouble(look) : "");
        model.put("order", orderedHere(id));
        model.put("at", PageWords.time(clock.instant()));
        return templates.page("rollback", model);
    }

    void remember(Rollback rollback) {
        synchronized (ordered) {
            ordered.put(rollback.id(), rollback);
            if (ordered.size() > REMEMBERED) {
                ordered.remove(ordered.keySet().iterator().next());
            }
        }
        sights.changed(rollback.workload());
    }

    void changed(Workload workload) {
        sights.changed(workload);
    }

    private String status(String template, Workload workload, String token, @Nullable Notice notice) {
        Map<String, @Nullable Object> model = model(workload, token);
        model.put("page", StatusPage.of(sights.of(workload)));
        model.put("notice", notice);
        return templates.page(template, model);
    }

    private Map<String, @Nullable Object> model(Workload workload, String token) {
        Map<String, @Nullable Object> model = new HashMap<>();
        model.put("workload", workload.name());
        model.put("workloads", sorted(catalog).stream().map(Workload::name).toList());
        model.put("token", token);
        return model;
    }

    /** In words; empty if it was not ordered here. */
    private String orderedHere(@Nullable String id) {
        Rollback rollback;
        synchronized (ordered) {
            rollback = id == null ? null : ordered.get(id);
        }
        if (rollback == null) {
            return "";
        }
        String leases = rollback.leasesEndBy()
                .map(end -> "; every instance routes to legacy by " + PageWords.time(end) + " at the latest")
                .orElse("");
        return "Ordered at " + PageWords.time(rollback.orderedAt()) + ". This instance obeyed at once"
                + rollback.stoppedAt()
                        .map(at -> "; Redis refuses registrations since "
                                + PageWords.millis(nonNegative(Duration.between(rollback.orderedAt(), at)))
                                + " after the order")
                        .orElse("")
                + leases + "."
                + (rollback.recorded() ? "" : " Postgres is away: it is recorded when Postgres is back.");
    }

    private static Duration nonNegative(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }
}
