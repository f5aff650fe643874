package io.beringia.cli;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of HotSpot's optimising compiler, which take only the processor time that connections leave: on full
 * processors a process that has just started would otherwise compile while its clients wait. Code of the first compiler
 * runs meanwhile, whose threads stay as they are. Linux gives each thread a nice value of its own (sched(7), "The nice
 * value"), and raising it needs no permission; elsewhere nothing is done. Any thread.
 */
final class CompilerThreads {
    private static final Logger LOG = LoggerFactory.getLogger(CompilerThreads.class);

    /** As the kernel knows them: 15 characters of "C2 CompilerThread0". */
    private static final String OPTIMISING = "C2 CompilerThre";

    /** The last that there is: any other thread weighs seventy times as much. */
    private static final int LAST = 19;

    private static final Path TASKS = Path.of("/proc/self/task");

    private CompilerThreads() {}

    /** Those that are there now. Answers how many. */
    static int stepBack() {
        if (!Files.isDirectory(TASKS)) {
            return 0;
        }
        try {
            List<Path> found = optimising();
            found.forEach(task -> C.setNice(Integer.parseInt(task.getFileName().toString()), LAST));
            return found.size();
        } catch (IOException | RuntimeException refused) {
            LOG.atInfo()
                    .addKeyValue("reason", refused.getMessage())
                    .log("compiler threads keep their priority: a cold start under load takes longer");
            return 0;
        }
    }

    private static List<Path> optimising() throws IOException {
        try (Stream<Path> tasks = Files.list(TASKS)) {
            return tasks.filter(CompilerThreads::isOptimising).toList();
        }
    }

    private static boolean isOptimising(Path task) {
        try {
            return Files.readString(task.resolve("comm")).strip().equals(OPTIMISING);
        } catch (IOException ended) {
            return false;
        }
    }

    @SuppressWarnings("restricted") // Java knows no nice values
    private static final class C {
        private static final int PRIO_PROCESS = 0;
        private static final MethodHandle SETPRIORITY = Linker.nativeLinker()
                .downcallHandle(
                        Linker.nativeLinker().defaultLookup().findOrThrow("setpriority"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT));

        /** One that ended meanwhile is none to wait for. */
        static void setNice(int thread, int nice) {
            try {
                int _ = (int) SETPRIORITY.invokeExact(PRIO_PROCESS, thread, nice);
            } catch (Throwable impossible) {
                throw new IllegalStateException("setpriority: not called (expected: a C library)", impossible);
            }
        }
    }
}
