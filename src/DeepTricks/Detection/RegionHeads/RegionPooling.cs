using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>Cuts the features of regions out of the maps of a batch of images, such as <see cref="MultiScaleRoiAlign"/> does.</summary>
/// <param name="maps">[N, C, Hl, Wl] for each level, from the finest to the coarsest.</param>
/// <param name="boxes">For each image [K, 4], x1, y1, x2, y2 in pixels of the resized image.</param>
/// <param name="sizes">The sizes of the resized images, without padding.</param>
/// <returns>[sum of K, C, rows, columns], image after image, in the dispose scope of the caller.</returns>
public delegate Tensor RegionPooling(IReadOnlyList<Tensor> maps, IReadOnlyList<Tensor> boxes, IReadOnlyList<ImageSize> sizes);
