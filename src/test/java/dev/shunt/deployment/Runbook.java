package dev.shunt.deployment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The commands of the runbook. In blocks fenced as {@code console}, lines that begin with {@code $ } are commands, the
 * lines below each are its output, with {@code ...} for what varies. Blocks fenced otherwise are to be copied as they are,
 * and so are commands in the text.
 *
 * @param text of it, or of one chapter
 */
record Runbook(String text) {

    private static final Pattern COMMAND =
            Pattern.compile("`((?:curl|temporal|scripts/temporal cli|scripts/shuntctl|redis-cli|select) [^`]+)`");

    /** One command and what it must print. */
    record Step(String command, String output) {

        boolean isPrintedAs(String printed) {
            String pattern = Pattern.quote(output.strip()).replace("...", "\\E.*\\Q");
            return Pattern.compile(pattern, Pattern.DOTALL)
                    .matcher(printed.strip())
                    .matches();
        }
    }

    /** From a heading to the next one of its rank. */
    Runbook chapter(String heading) {
        int begin = text.indexOf("## " + heading + "\n");
        if (begin < 0) {
            throw new AssertionError("there is no chapter " + heading);
        }
        int end = text.indexOf("\n## ", begin);
        return new Runbook(text.substring(begin, end < 0 ? text.length() : end));
    }

    List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        for (String block : blocks("console")) {
            for (String step : block.split("(?m)^\\$ ")) {
                if (!step.isBlank()) {
                    int end = step.indexOf('\n');
                    steps.add(new Step(step.substring(0, end), step.substring(end + 1)));
                }
            }
        }
        return steps;
    }

    /** What is in the fenced blocks of a language, without the spaces of a list around them. */
    List<String> blocks(String language) {
        List<String> blocks = new ArrayList<>();
        Matcher block = Pattern.compile("^ *```" + language + "\\n(.*?)^ *```", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(text);
        while (block.find()) {
            blocks.add(block.group(1).stripIndent());
        }
        return blocks;
    }

    /**
     * Commands in the text and in tables. What they leave to be filled in is the {@code ...} behind an option.
     *
     * @param options what to fill in, by option
     */
    List<String> commandsInText(Map<String, String> options) {
        String prose = text.replaceAll("(?ms)^ *```.*?^ *```", "");
        return COMMAND.matcher(prose)
                .results()
                .map(found -> cell(found.group(1)).replace('\n', ' '))
                .map(command -> filled(command, options))
                .distinct()
                .toList();
    }

    private static String filled(String command, Map<String, String> options) {
        String filled = command;
        for (var option : options.entrySet()) {
            filled = filled.replace(option.getKey() + " ...", option.getKey() + " '" + option.getValue() + "'");
        }
        return filled;
    }

    /** The command of a row of a table, by what its first cell begins with. */
    String line(String row) {
        Matcher line = Pattern.compile("(?m)^\\| " + Pattern.quote(row) + "[^|]*\\| `([^`]+)` \\|$")
                .matcher(text);
        if (!line.find()) {
            throw new AssertionError("no table has a row " + row);
        }
        return cell(line.group(1));
    }

    private static String cell(String text) {
        return text.replace("\\|", "|");
    }
}
