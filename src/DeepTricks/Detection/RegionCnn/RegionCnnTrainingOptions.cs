namespace DeepTricks.Detection;

/// <summary>How the classifiers and regressions of an R-CNN are trained. The defaults are those of the paper and of its authors' code.</summary>
public sealed record RegionCnnTrainingOptions
{
    /// <summary>How each class's support vector machine is trained; the linear hinge, C = 0.001, by default.</summary>
    public SupportVectorMachineOptions Machine { get; init; } = SupportVectorMachineOptions.RegionCnn;

    /// <summary>Features are scaled so that their mean norm is this; 20 by default. C and λ are meant for it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0.</exception>
    public double FeatureNorm
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(FeatureNorm), value, "Expected a finite number above 0.");
    }
        = 20;

    /// <summary>A region whose IoU with every object of a class is below this is a negative of that class; 0.3 by default. The objects themselves are its positives.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1].</exception>
    public double NegativeOverlap { get; init => field = Part(value, nameof(NegativeOverlap)); } = 0.3;

    /// <summary>Negatives with a larger margin are hard, and are learned from; −1.0001 by default.</summary>
    public double HardMargin { get; init; } = -1.0001;

    /// <summary>After each training, negatives with a smaller margin are forgotten; −1.2 by default.</summary>
    public double EasyMargin { get; init; } = -1.2;

    /// <summary>A class is trained again once it has gathered more hard negatives than this; 2000 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int RetrainAfter { get; init => field = AtLeastOne(value, nameof(RetrainAfter)); } = 2000;

    /// <summary>How often all pictures are searched for hard negatives; once by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Passes { get; init => field = AtLeastOne(value, nameof(Passes)); } = 1;

    /// <summary>Whether boxes are regressed; true by default.</summary>
    public bool BoxRegression { get; init; } = true;

    /// <summary>Regions whose IoU with an object is above this teach its class's regression; 0.6 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1].</exception>
    public double RegressionOverlap { get; init => field = Part(value, nameof(RegressionOverlap)); } = 0.6;

    /// <summary>λ of the regression; 1000 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0.</exception>
    public double RegressionPenalty
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(RegressionPenalty), value, "Expected a finite number above 0.");
    }
        = 1000;

    private static int AtLeastOne(int value, string name) => value >= 1 ? value : throw new ArgumentOutOfRangeException(name, value, "Expected at least 1.");

    private static double Part(double value, string name) => value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(name, value, "Expected 0 to 1.");
}
