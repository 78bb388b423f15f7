package dev.shunt.console;

import dev.shunt.core.Workload;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The report of a workload over a time, to be kept, printed or read by a program. */
@RestController
class ReportController {

    private static final Duration DEFAULT_WINDOW = Duration.ofHours(24);
    private static final MediaType HTML = MediaType.parseMediaType("text/html;charset=UTF-8");
    private static final MediaType MARKDOWN = MediaType.parseMediaType("text/markdown;charset=UTF-8");

    private final ReportMaker reports;
    private final ReportTemplates templates;
    private final ReadParameters parameters;
    private final Clock clock;

    ReportController(ReportMaker reports, ReportTemplates templates, ReadParameters parameters, Clock clock) {
        this.reports = reports;
        this.templates = templates;
        this.parameters = parameters;
        this.clock = clock;
    }

    /** Of the items accepted in {@code from <= t < to}; the last 24 hours when not said otherwise. */
    @GetMapping("/api/v1/comparison/{workload}/report")
    ResponseEntity<?> report(
            @PathVariable("workload") String name,
            @RequestParam(name = "from", required = false) @Nullable String from,
            @RequestParam(name = "to", required = false) @Nullable String to,
            @RequestParam(name = "format", defaultValue = "html") String format) {
        Workload workload = parameters.workload(name);
        Instant until = ReadParameters.instant("to", to, clock.instant());
        Instant since = ReadParameters.instant("from", from, until.minus(DEFAULT_WINDOW));
        if (!since.isBefore(until)) {
            throw ApiException.badRequest("from (" + since + ") must be before to (" + until + ")");
        }
        return switch (format.toLowerCase(Locale.ROOT)) {
            case "html" ->
                ResponseEntity.ok().contentType(HTML).body(templates.html(reports.make(workload, since, until)));
            case "markdown" ->
                ResponseEntity.ok()
                        .contentType(MARKDOWN)
                        .body(templates.markdown(reports.make(workload, since, until)));
            case "json" ->
                ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(reports.make(workload, since, until));
            default -> throw ApiException.badRequest("format must be html, markdown or json, was " + format);
        };
    }
}
