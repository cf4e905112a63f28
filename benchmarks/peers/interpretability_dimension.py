"""TwoNN as people have it: over scikit-learn's neighbours, and the authors' way over all distances, each row sorted."""
import numpy as np
from golden import u
from scipy.spatial.distance import pdist, squareform
from scipy.stats import pearsonr
from sklearn.linear_model import LinearRegression
from sklearn.neighbors import NearestNeighbors


def fit(first, second, fraction=0.9):
    good = (first != 0) & (first != second)
    mu = np.sort(second[good] / first[good])
    count, kept = len(mu), int(np.floor(len(mu) * fraction))
    x = np.log(mu[:-2])
    y = -np.log(1 - (np.arange(1, count + 1) / count)[:-2])
    line = LinearRegression(fit_intercept=False).fit(x[:kept, None], y[:kept, None])
    pearsonr(x[:kept], y[:kept])
    return line.coef_[0][0]


def neighbours(points):
    distances, _ = NearestNeighbors(n_neighbors=3).fit(points).kneighbors(points)
    return fit(distances[:, 1], distances[:, 2])


def authors(points):
    rows = np.sort(squareform(pdist(points, "euclidean")), axis=1, kind="quicksort")
    return fit(rows[:, 1], rows[:, 2])


def case(points, features, estimate):
    def make():
        data = u("points", points * features).astype(np.float32).reshape(points, features)
        result = [None]

        def run():
            result[0] = estimate(data)

        return run, lambda: float(result[0])

    make.runs_before_check = 1
    return make


CASES = {
    "twonn-10000x4096": case(10000, 4096, neighbours),
    "twonn-10000x4096-authors": case(10000, 4096, authors),
    "twonn-50000x784": case(50000, 784, neighbours),
    "twonn-4000x784": case(4000, 784, neighbours),
    "twonn-4000x784-authors": case(4000, 784, authors),
}
