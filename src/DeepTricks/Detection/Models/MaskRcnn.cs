namespace DeepTricks.Detection;

/// <summary>
/// Makes detectors with masks (He et al., "Mask R-CNN", 2017): torchvision's by name, or one on any backbone. Files of torchvision load as
/// <see cref="FasterRcnn"/> says.
/// </summary>
public static class MaskRcnn
{
    /// <summary>Puts a detector with masks on a backbone.</summary>
    /// <param name="backbone">The backbone, which is owned by the model.</param>
    /// <param name="options">The numbers; torchvision's where null.</param>
    /// <returns>The model, in training mode.</returns>
    public static GeneralizedRcnn On(DetectionBackbone backbone, MaskRcnnOptions? options = null)
    {
        options ??= new();
        return RcnnParts.Assemble(backbone, options, options);
    }

    /// <summary>maskrcnn_resnet50_fpn: a ResNet-50 with frozen normalisations and a pyramid.</summary>
    /// <param name="options">Classes and so on; torchvision's where null.</param>
    /// <returns>The model, in training mode.</returns>
    public static GeneralizedRcnn ResNet50(MaskRcnnOptions? options = null)
    {
        options ??= new();
        return On(DetectionBackbones.ResNet50(options), options);
    }

    /// <summary>maskrcnn_resnet50_fpn_v2: as <see cref="FasterRcnn.ResNet50V2"/>, with normalisations in the mask head too.</summary>
    /// <param name="options">Classes and so on; torchvision's where null. Its depths of the heads do not count.</param>
    /// <returns>The model, in training mode.</returns>
    public static GeneralizedRcnn ResNet50V2(MaskRcnnOptions? options = null)
    {
        options = RcnnParts.SecondVersion(options ?? new()) with { MaskNorms = true };
        return On(DetectionBackbones.ResNet50V2(options), options);
    }
}
