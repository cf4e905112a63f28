using System.Runtime.InteropServices;

namespace TorchSharp.Native;

/// <summary>
/// Carries an exception of a managed backward function across libtorch: natively it travels as a message, and the caller of
/// the backward pass gets the exception itself inside an <see cref="ExternalException"/>.
/// </summary>
internal static class ManagedErrors
{
    private const string Mark = "managed exception #";
    private static readonly Dictionary<long, Exception> Pending = [];
    private static long _next;

    /// <summary>Remembers the exception and returns the message under which it travels.</summary>
    public static string Remember(Exception exception)
    {
        lock (Pending)
        {
            Pending[++_next] = exception;
            return $"{Mark}{_next}: {exception.GetType().Name}: {exception.Message}";
        }
    }

    /// <summary>The exception that travelled under a message, or null where the message is libtorch's own.</summary>
    public static ExternalException? Take(string message)
    {
        var start = message.IndexOf(Mark, StringComparison.Ordinal);
        if (start < 0) return null;
        var digits = message.AsSpan(start + Mark.Length);
        digits = digits[..digits.IndexOf(':')];
        lock (Pending)
            return Pending.Remove(long.Parse(digits, System.Globalization.CultureInfo.InvariantCulture), out var inner)
                ? new ExternalException($"{inner.GetType().Name} in a managed backward function: {inner.Message}", inner)
                : null;
    }
}
