@NullMarked
package io.beringia.discovery.lab;

import org.jspecify.annotations.NullMarked;
