package io.beringia.scenarios.interop;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks for bytes in the memory of another process, all of it that can be written: heap, buffers, stacks. Needs root.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_mem.5.html">proc_pid_mem(5)</a>
 */
record ProcessMemory(long pid) {
    private static final Pattern WRITABLE = Pattern.compile("([0-9a-f]+)-([0-9a-f]+) rw.*");
    private static final int CHUNK_BYTES = 1 << 20;

    boolean contains(String word) throws IOException {
        byte[] wanted = word.getBytes(StandardCharsets.US_ASCII);
        try (RandomAccessFile memory = new RandomAccessFile("/proc/" + pid + "/mem", "r")) {
            for (String line : mappings()) {
                Matcher mapping = WRITABLE.matcher(line);
                if (mapping.matches()
                        && contains(
                                memory,
                                Long.parseUnsignedLong(mapping.group(1), 16),
                                Long.parseUnsignedLong(mapping.group(2), 16),
                                wanted)) {
                    return true;
                }
            }
            return false;
        }
    }

    private List<String> mappings() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/maps"), StandardCharsets.ISO_8859_1);
    }

    /** Chunks overlap by a word, so that none is cut in two. */
    private static boolean contains(RandomAccessFile memory, long from, long to, byte[] wanted) throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        for (long at = from; at < to; at += CHUNK_BYTES - wanted.length) {
            int length = (int) Math.min(CHUNK_BYTES, to - at);
            try {
                memory.seek(at);
                memory.readFully(chunk, 0, length);
            } catch (IOException unmapped) {
                return false; // reserved only, or gone since
            }
            if (new String(chunk, 0, length, StandardCharsets.ISO_8859_1)
                    .contains(new String(wanted, StandardCharsets.ISO_8859_1))) {
                return true;
            }
        }
        return false;
    }
}
