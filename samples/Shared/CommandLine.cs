using System.Globalization;

namespace Samples;

/// <summary>Reads the settings of a program from its command line: <c>--name value</c>, or <c>--name</c> alone for a flag.</summary>
/// <typeparam name="T">The settings, a record.</typeparam>
/// <param name="help">What is written for <c>--help</c>, and after a mistake.</param>
internal sealed class CommandLine<T>(string help)
    where T : class
{
    private readonly Dictionary<string, Func<T, string, T?>> _values = [];
    private readonly Dictionary<string, Func<T, T>> _flags = [];

    public CommandLine<T> Flag(string name, Func<T, T> set)
    {
        _flags.Add(name, set);
        return this;
    }

    public CommandLine<T> Text(string name, Func<T, string, T> set) => Value(name, set);

    /// <summary>A whole number from 1 on.</summary>
    public CommandLine<T> Count(string name, Func<T, int, T> set) => Value(name, (settings, text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? set(settings, count) : null);

    /// <summary>A number from 0 to 1.</summary>
    public CommandLine<T> Probability(string name, Func<T, double, T> set) => Value(name, (settings, text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 1 ? set(settings, value) : null);

    /// <summary>The settings; null where the help was asked for or something is wrong, after saying so.</summary>
    public T? Read(T settings, string[] arguments, TextWriter errors)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            var name = arguments[i];
            if (_flags.TryGetValue(name, out var set))
            {
                settings = set(settings);
                continue;
            }

            var value = i + 1 < arguments.Length ? arguments[++i] : null;
            var read = value is not null && _values.TryGetValue(name, out var put) ? put(settings, value) : null;
            if (read is null)
            {
                errors.WriteLine(name == "--help" ? help : $"Cannot read '{name} {value}'.\n\n{help}");
                return null;
            }

            settings = read;
        }

        return settings;
    }

    private CommandLine<T> Value(string name, Func<T, string, T?> put)
    {
        _values.Add(name, put);
        return this;
    }
}
