using System.Numerics;
using System.Runtime.CompilerServices;
using DeepTricks.Kernels;

namespace DeepTricks.Losses;

/// <summary>q^γ and its slope γ q^(γ − 1), both 0 at q = 0 but for γ = 0 and, of the slope, γ = 1.</summary>
internal readonly struct FocalPower(double gamma)
{
    private readonly float _gamma = (float)gamma;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Of(Vector<float> q, out Vector<float> slope)
    {
        switch (_gamma)
        {
            case 0:
                slope = Vector<float>.Zero;
                return Vector<float>.One;
            case 1:
                slope = Vector<float>.One;
                return q;
            case 2:
                slope = q + q;
                return q * q;
            default:
                var power = VectorExp.Of(Vector.Log(q) * _gamma);
                slope = Vector.ConditionalSelect(Vector.Equals(q, Vector<float>.Zero), Vector<float>.Zero, power / q * _gamma);
                return power;
        }
    }
}
