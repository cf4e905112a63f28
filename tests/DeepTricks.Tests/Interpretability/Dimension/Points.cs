using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Interpretability.Dimension;

/// <summary>Points of a known dimension, and those of the fixtures.</summary>
internal static class Points
{
    /// <summary>The points of a case of dimension.json.</summary>
    public static Tensor Of(GoldenCase one)
    {
        using var scope = NewDisposeScope();
        var shape = one.Integers("shape");
        var type = one.Text("dtype") == "float32" ? ScalarType.Float32 : ScalarType.Float64;
        var points = one.Name switch
        {
            "noise" or "noise-single" => Golden.Tensor("dimension.noise", shape, dtype: type),
            "noise-wide" => Golden.Tensor("dimension.wide", shape, dtype: type),
            "duplicates" => Duplicated(Golden.Tensor("dimension.noise", shape, dtype: type)),
            "grid" => Golden.Integers("dimension.grid", 12, shape).to(type),
            "swiss-roll" => SwissRoll("dimension.roll", shape[0]),
            _ => tensor(one.Numbers("points"), shape, type),
        };
        return points.MoveToOuterDisposeScope();
    }

    /// <summary>A sheet rolled up, of unit density along neither of its sides.</summary>
    public static Tensor SwissRoll(string name, long count)
    {
        using var scope = NewDisposeScope();
        var u = Golden.Tensor(name, [count, 2], dtype: ScalarType.Float64);
        var angle = 1.5 * Math.PI * (2 + u[.., 0]);
        return stack([angle * angle.cos(), 10.5 * (u[.., 1] + 1), angle * angle.sin()], 1).MoveToOuterDisposeScope();
    }

    /// <summary>A piece of a plane in a space of more dimensions.</summary>
    public static Tensor Plane(long count, int dimension, long features)
    {
        using var scope = NewDisposeScope();
        var directions = linalg.qr(Golden.Tensor("directions", [features, dimension], dtype: ScalarType.Float64)).Q;
        return Golden.Tensor("plane", [count, dimension], dtype: ScalarType.Float64).mm(directions.t()).MoveToOuterDisposeScope();
    }

    public static Tensor Gaussian(long count, long dimension)
    {
        using var scope = NewDisposeScope();
        var length = (-2 * Golden.Tensor("radius", [count, dimension], -0.5, 0.5, ScalarType.Float64).clamp(1e-300, 1).log()).sqrt();
        return (length * Golden.Tensor("angle", [count, dimension], Math.PI, dtype: ScalarType.Float64).cos()).MoveToOuterDisposeScope();
    }

    public static Tensor Sphere(long count, int dimension)
    {
        using var scope = NewDisposeScope();
        var gaussian = Gaussian(count, dimension + 1);
        return (gaussian / gaussian.norm(1, keepdim: true)).MoveToOuterDisposeScope();
    }

    /// <summary>A swiss roll, and a circle for each further dimension.</summary>
    public static Tensor RolledUp(long count, int dimension)
    {
        using var scope = NewDisposeScope();
        var roll = SwissRoll("roll", count);
        if (dimension == 2) return roll.MoveToOuterDisposeScope();
        var angles = Golden.Tensor("circles", [count, dimension - 2], Math.PI, dtype: ScalarType.Float64);
        return cat([roll, 6 * angles.cos(), 6 * angles.sin()], 1).MoveToOuterDisposeScope();
    }

    private static Tensor Duplicated(Tensor points)
    {
        points[20..30] = points[..10].clone();
        points[30] = points[0].clone();
        return points;
    }
}
