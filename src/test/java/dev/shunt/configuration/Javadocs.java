package dev.shunt.configuration;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** The Javadoc of the product's types, read from the sources by the compiler's own parser. */
final class Javadocs {

    private static final Javadoc NONE = new Javadoc("", Map.of());

    private final Path sources;
    private final Map<String, Javadoc> byName = new HashMap<>();

    /**
     * @param text without tags
     * @param parameters meanings by name
     */
    record Javadoc(String text, Map<String, String> parameters) {}

    /** @param sources the root of the sources */
    Javadocs(Path sources) {
        this.sources = sources;
    }

    Javadoc of(Class<?> type) {
        Class<?> outermost = type.getNestHost();
        if (!byName.containsKey(type.getName())) {
            read(sources.resolve(outermost.getName().replace('.', '/') + ".java"));
        }
        return byName.getOrDefault(type.getName(), NONE);
    }

    private void read(Path source) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask)
                    compiler.getTask(null, files, null, List.of("-proc:none"), null, files.getJavaFileObjects(source));
            DocTrees trees = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                scan(unit, trees);
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private void scan(CompilationUnitTree unit, DocTrees trees) {
        String home = unit.getPackageName() == null ? "" : unit.getPackageName() + ".";
        new TreePathScanner<@Nullable Void, String>() {
            @Override
            public @Nullable Void visitClass(ClassTree tree, String outer) {
                String name = outer + tree.getSimpleName();
                DocCommentTree comment = trees.getDocCommentTree(getCurrentPath());
                if (comment != null) {
                    byName.put(name, javadoc(comment));
                }
                return super.visitClass(tree, name + "$");
            }
        }.scan(new TreePath(unit), home);
    }

    private static Javadoc javadoc(DocCommentTree comment) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (DocTree tag : comment.getBlockTags()) {
            if (tag instanceof ParamTree parameter && !parameter.isTypeParameter()) {
                parameters.put(parameter.getName().toString(), text(parameter.getDescription()));
            }
        }
        return new Javadoc(text(comment.getFullBody()), parameters);
    }

    /** As Markdown, on one line. */
    private static String text(List<? extends DocTree> parts) {
        return parts.stream()
                .map(DocTree::toString)
                .collect(Collectors.joining())
                .replaceAll("\\{@code ([^}]*)\\}", "`$1`")
                .replaceAll("\\{@link [^}]*?([A-Za-z_]+)(?:\\(\\))?\\}", "`$1`")
                .replaceAll("</?p>", " ")
                .replaceAll("\\s+", " ")
                .strip();
    }
}
