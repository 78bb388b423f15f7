package dev.shunt.workloads.trace;

/**
 * What is wrong with an input, and where. Never leaves this package: the codecs answer it as a value, refused or
 * undecodable.
 */
final class WireFault extends Exception {

    private static final int LONGEST_PATH = 200;

    private final String path;
    private final String problem;

    /**
     * @param path the field, for example {@code spans[3].usage.prompt_tokens}; empty for the whole input
     * @param problem what it must be and what it was
     */
    WireFault(String path, String problem) {
        super(problem, null, false, false);
        this.path = path.length() <= LONGEST_PATH ? path : path.substring(0, LONGEST_PATH) + "…";
        this.problem = problem;
    }

    static WireFault wrongType(String path, String expected, Json was) {
        return new WireFault(path, "must be " + expected + ", was " + was.shown());
    }

    @Override
    public String getMessage() {
        return path.isEmpty() ? problem : path + " " + problem;
    }
}
