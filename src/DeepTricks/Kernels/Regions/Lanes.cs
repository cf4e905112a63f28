using System.Numerics;
using System.Runtime.CompilerServices;

namespace DeepTricks.Kernels;

/// <summary>What .NET's vectors of any number type lack.</summary>
internal static class Lanes
{
    /// <summary>a · b + c, rounded once where the machine can.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> MultiplyAdd<T>(Vector<T> a, Vector<T> b, Vector<T> c)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            return Vector.MultiplyAddEstimate(a.As<T, float>(), b.As<T, float>(), c.As<T, float>()).As<float, T>();
        }

        return typeof(T) == typeof(double)
            ? Vector.MultiplyAddEstimate(a.As<T, double>(), b.As<T, double>(), c.As<T, double>()).As<double, T>()
            : (a * b) + c;
    }
}
