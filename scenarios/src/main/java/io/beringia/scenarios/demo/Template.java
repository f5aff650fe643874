package io.beringia.scenarios.demo;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A file of the distribution with names and addresses to be filled in, each written {@code ${name}}. Pure but for reading. */
record Template(String file, String text) {
    /** Throws {@link IOException} where the distribution lacks it. */
    static Template read(String file) throws IOException {
        try (InputStream in = Template.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new FileNotFoundException(file + " is missing from the distribution");
            }
            return new Template(file, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** Throws {@link IllegalStateException} where a name has no value. */
    String filled(Map<String, String> values) {
        String filled = text;
        for (Map.Entry<String, String> value : values.entrySet()) {
            filled = filled.replace("${" + value.getKey() + "}", value.getValue());
        }
        int missing = filled.indexOf("${");
        if (missing >= 0) {
            throw new IllegalStateException(file + ": " + filled.substring(missing, filled.indexOf('}', missing) + 1)
                    + " has no value (expected: one of " + values.keySet() + ")");
        }
        return filled;
    }
}
