package io.beringia.scenarios.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * What an application has served, one line a request, written before it answers: a request that two regions served
 * stands in two journals. Any thread; the operating system appends each line whole.
 */
final class Journal implements AutoCloseable {
    private final FileChannel file;

    private Journal(FileChannel file) {
        this.file = file;
    }

    static Journal open(Path path) throws IOException {
        return new Journal(
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND));
    }

    /** In the file when it returns, though not yet on the disk. */
    void append(Request request) throws IOException {
        ByteBuffer line = ByteBuffer.wrap((request + "\n").getBytes(StandardCharsets.UTF_8));
        while (line.hasRemaining()) {
            file.write(line);
        }
    }

    /** All requests of a journal; a last line that a kill cut off is left out. */
    static List<Request> read(Path path) throws IOException {
        if (!Files.exists(path)) {
            return List.of();
        }
        String text = Files.readString(path);
        return text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .flatMap(line -> Request.parse(line).stream())
                .toList();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
