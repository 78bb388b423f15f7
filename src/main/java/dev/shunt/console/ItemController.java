package dev.shunt.console;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.shunt.comparison.ItemReport;
import dev.shunt.comparison.ItemReports;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadDefinition;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** What became of one item, and what a day's items add up to. */
@RestController
class ItemController {

    private final ItemReports items;
    private final ReadParameters parameters;
    private final List<WorkloadDefinition> workloads;

    ItemController(ItemReports items, ReadParameters parameters, ObjectProvider<WorkloadDefinition> workloads) {
        this.items = items;
        this.parameters = parameters;
        this.workloads = workloads.stream().toList();
    }

    /** @param stored as the workload writes it, so that its numbers keep their form */
    record ItemView(
            String workload,
            String project,
            String subject,
            List<ItemReport.Line> items,
            @JsonRawValue @Nullable String stored) {}

    /** @param models figures as the workload names them */
    record SummaryView(String workload, String project, LocalDate day, List<Map<String, Object>> models) {}

    // a client's id may hold slashes: the rest of the path is the subject
    @GetMapping("/api/v1/items/{workload}/{project}/{*subject}")
    ItemView item(
            @PathVariable("workload") String name,
            @PathVariable("project") String project,
            @PathVariable("subject") String rest) {
        Workload workload = parameters.workload(name);
        String subject = rest.substring(1);
        if (subject.isEmpty()) {
            throw ApiException.badRequest("the path must end with the subject, for example a trace id");
        }
        ItemReport report = items.find(workload, project, subject)
                .orElseThrow(() -> ApiException.notFound("nothing is known of " + workload + " " + subject
                        + " in project " + project + ": not in the ledger, not in flight, not dead"));
        return new ItemView(report.workload(), report.project(), report.subject(), report.items(), report.stored());
    }

    @GetMapping("/api/v1/summaries/{workload}/{project}/{day}")
    SummaryView summary(
            @PathVariable("workload") String name,
            @PathVariable("project") String project,
            @PathVariable("day") String text) {
        Workload workload = parameters.workload(name);
        LocalDate day = ReadParameters.day(text);
        List<Map<String, Object>> models = workloads.stream()
                .filter(each -> each.workload().equals(workload))
                .findFirst()
                .map(each -> each.audit().summary(project, day))
                .orElse(List.of());
        return new SummaryView(workload.name(), project, day, models);
    }
}
