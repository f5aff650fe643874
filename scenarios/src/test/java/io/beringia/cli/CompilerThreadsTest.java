package io.beringia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
final class CompilerThreadsTest {
    private final CountDownLatch done = new CountDownLatch(1);

    @Test
    void the_optimising_compiler_steps_behind_every_other_thread_of_its_process() throws Exception {
        int ours = nice(Path.of("/proc/self"));
        Path optimising = thread("C2 CompilerThread7");
        Path quick = thread("C1 CompilerThread7");
        Path loop = thread("us-east/tunnels-0");

        assertThat(CompilerThreads.stepBack()).isPositive();
        assertThat(nice(optimising)).isEqualTo(19);
        for (Path other : List.of(quick, loop, Path.of("/proc/thread-self"))) {
            assertThat(nice(other)).as(other.toString()).isEqualTo(ours);
        }
        done.countDown();
    }

    /** A thread of that name, until all is done. */
    private Path thread(String name) {
        CompletableFuture<Path> task = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name(name).start(() -> {
            task.complete(ownTask());
            try {
                done.await();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
        return task.join();
    }

    private static Path ownTask() {
        try {
            return Path.of("/proc/self/task")
                    .resolve(
                            Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName());
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Field 19 of proc_pid_stat(5), counted behind the name, which may hold anything. */
    private static int nice(Path task) throws IOException {
        String stat = Files.readString(task.resolve("stat"));
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[16]);
    }
}
