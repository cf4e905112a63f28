namespace TorchSharp.Modules;

/// <summary>The ranges that settings of optimisers have.</summary>
internal static class Require
{
    public static void NotNegative(double value, string name) => NotNegative(value, name, name);

    public static void NotNegative(double value, string what, string name)
    {
        if (!(value >= 0)) throw new ArgumentException($"The {what} is at least 0, not {value}.", name);
    }

    /// <summary>At least 0 and below 1.</summary>
    public static void Decay(double value, string name)
    {
        if (!(value >= 0 && value < 1)) throw new ArgumentException($"{name} is at least 0 and below 1, not {value}.", name);
    }

    public static void Betas(double beta1, double beta2, double eps, double weight_decay, double lr)
    {
        NotNegative(lr, "learning rate", nameof(lr));
        NotNegative(eps, nameof(eps));
        NotNegative(weight_decay, nameof(weight_decay));
        Decay(beta1, nameof(beta1));
        Decay(beta2, nameof(beta2));
    }
}
