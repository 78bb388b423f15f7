package dev.shunt.workloads.trace;

import java.time.LocalDate;

/** A row of one day's summaries. */
record RowName(String project, String model) implements Comparable<RowName> {

    String path(LocalDate day) {
        return "summaries[" + project + "/" + day + "/" + model + "]";
    }

    @Override
    public int compareTo(RowName other) {
        int byProject = project.compareTo(other.project);
        return byProject != 0 ? byProject : model.compareTo(other.model);
    }
}
