package io.secateur.plugin;

/**
 * A setting of a plugin, described for a reader.
 *
 * @param name as a study file writes it
 * @param type in words: {@code number}, {@code list of whole numbers}, {@code amount}
 * @param byDefault as a study file would write it; empty when it must be given
 * @param allowed what can be written where the choice is closed; empty when it is not
 * @param text what its Javadoc says, on one line; empty where it came without
 */
public record Setting(String name, String type, String byDefault, String allowed, String text) {}
